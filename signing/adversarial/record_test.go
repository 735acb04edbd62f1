package adversarial_test

func record(id string, held, wrongAccept bool) {}
