package print_test

import (
	"time"

	"elicensing/server/print"
)

// The samples are the documents of the design's pictures: invented people and an invented clinic.

var (
	zone      = time.FixedZone("", 5*3600)
	issued    = time.Date(2026, 12, 18, 11, 42, 7, 0, zone)
	authority = print.Authority{
		Name:    print.Text{KK: "Солтүстік Қазақстан облысы әкімдігінің денсаулық сақтау басқармасы", RU: "Управление здравоохранения акимата Северо-Казахстанской области"},
		Address: print.Text{KK: "150011, Петропавл қ., Қазақстан Конституциясы к-сі, 58", RU: "150011, г. Петропавловск, ул. Конституции Казахстана, 58"},
		Phone:   "8 (7152) 46-41-25",
	}
	clinic = print.Party{
		Kind: print.Entity, ID: "123456789021",
		Name:    print.Text{KK: "«Тест Клиника» ЖШС", RU: "ТОО «Тест Клиника»"},
		Address: print.Text{KK: "Солтүстік Қазақстан облысы, Петропавл қ., Тестовая к-сі, 1", RU: "Северо-Казахстанская область, г. Петропавловск, ул. Тестовая, 1"},
	}
)

// activities are made anew for each document: a test that changes one must not change the others.
func activities() []print.Text {
	return []print.Text{
		{KK: "Ересектерге амбулаториялық-емханалық көмек: терапия", RU: "Амбулаторно-поликлиническая помощь взрослому населению: терапия"},
		{KK: "Ультрадыбыстық диагностика", RU: "Ультразвуковая диагностика"},
		{KK: "Функционалдық диагностика", RU: "Функциональная диагностика"},
	}
}

func licence() print.LicenceDocument {
	return print.LicenceDocument{
		Number: "KZ80DEM00000418", IssuedOn: issued, FirstIssuedOn: issued, Holder: clinic, Licensor: authority.Name,
		Head: "Тестов Б. Т.", Place: print.Text{KK: "Петропавл қаласы", RU: "город Петропавловск"},
		Annexes: []print.Annex{{
			Number: "001", IssuedOn: issued, SubActivities: activities(),
			Objects: []print.Text{{KK: "150000, Петропавл қ., Тестовая к-сі, 1, 2-қабат", RU: "150000, г. Петропавловск, ул. Тестовая, 1, 2 этаж"}},
			Basis:   print.Text{KK: "2026 жылғы 18 желтоқсандағы № 412 бұйрық", RU: "приказ от 18 декабря 2026 года № 412"},
		}},
		Signature: print.EDS{Signer: "Тестов Б. Т.", At: issued},
		CheckURL:  "https://portal.example/check/KZ80DEM00000418", CheckSite: "portal.example", Demo: true,
	}
}

func request(kind print.ApplicantKind) print.RequestForm {
	r := print.RequestForm{
		Reference: "13-2026-000418", Applicant: clinic, Head: "ТЕСТОВ БАҚЫТ ТЕСТҰЛЫ", Licensor: authority.Name, SubActivities: activities(),
		Paper: true, Email: "clinic@portal.example", Phones: []string{"+7 701 000 00 01", "+7 7152 00 00 00"},
		BankAccount: "KZ00 0000 0000 0000 0000, «Тест Банк» АҚ, Петропавл қ.",
		Sites:       []string{"150000, Петропавл қ., Тестовая к-сі, 1", "150000, Петропавл қ., Абай к-сі, 12, 3-қабат"},
		Confirmed:   [3]bool{true, true, true}, FilledOn: issued,
		Premises: []print.Premises{{Cadastral: "15-234-061-0001", Location: "Петропавл қ., Тестовая к-сі, 1", Certificate: "№ 002145 от 01.03.2024", Lease: "№ 12 от 01.03.2026"}},
		Education: []print.Education{{Speciality: "Жалпы медицина", Qualification: "Дәрігер", Number: "0123456", Series: "ЖБ", Institution: "Қарағанды медицина университеті",
			YearIn: "2008", YearOut: "2015"}, {Speciality: "Радиология", Qualification: "Врач лучевой диагностики", Number: "7654321", Series: "БД",
			Institution: "Медицинский университет Астана", YearIn: "2009", YearOut: "2016", Nostrification: "№ 15 от 10.10.2017"}},
		Training:     []print.Training{{Number: "А-1502", Course: "Ультразвуковая диагностика: современные методы", Institution: "Семей медицина университеті", Start: "2024-02-05", End: "2024-04-05", Hours: "216"}},
		Work:         []print.Work{{Organisation: "«№ 1 қалалық емхана» КМК", Location: "Петропавл қ.", Position: "УЗД дәрігері", Hired: "2017-09-01", Dismissed: "2026-08-31"}},
		Experience:   print.Text{KK: "9 жыл", RU: "9 лет"},
		Certificates: []print.Certificate{{Speciality: "Ультрадыбыстық диагностика", Category: "жоғары", Issuer: "ҚР ДСМ медициналық және фармацевтикалық бақылау комитеті", Number: "KZ-UD-00123", Date: "2023-05-20", Term: "2028-05-20"}},
		EquipmentAt:  "2026-11-20", StaffAt: "2026-11-20", Demo: true,
		Documents: []print.Document{{Name: print.Text{KK: "Жалдау шарты", RU: "Договор аренды"}, FileName: "dogovor-arendy.pdf",
			SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}},
	}
	for i := range 45 {
		r.Equipment = append(r.Equipment, print.Equipment{Name: "Аппарат ультразвуковой диагностический «Тест-" + string(rune('А'+i%32)) + "» с набором датчиков",
			Country: "Қазақстан", Unit: "дана", Quantity: "1", Year: "2023", NotWorking: i == 7})
		r.Staff = append(r.Staff, print.Worker{Name: "Тестова Айгүл Тестқызы", Position: "медицина бикесі", Education: "арнайы орта", Experience: "11"})
	}
	if kind != print.Entity {
		r.Applicant = print.Party{Kind: kind, Name: print.Same("ТЕСТОВА ӘСЕЛ ҒАЛЫМҚЫЗЫ"), ID: "123456789011", Address: print.Same("150000, Петропавл қ., Жамбыл к-сі, 5, 17-пәтер")}
		r.Head = ""
	}
	return r
}

func refusal() print.RefusalLetter {
	return print.RefusalLetter{
		Authority: authority, Applicant: clinic, OutNumber: "13-О-0031", Date: issued, Application: "13-2026-000418", InNumber: "1207",
		Filed: time.Date(2026, 11, 26, 10, 0, 0, 0, zone), Kind: print.Text{KK: "Лицензия беру", RU: "Выдача лицензии"}, SubActivities: activities(),
		Sites: []string{"150000, Петропавл қ., Тестовая к-сі, 1"}, FeePaid: true, Head: "Тестов Б. Т.", Executor: "Тестова А. Т.", ExecutorPhone: "8 (7152) 46-41-25",
		Grounds: []print.Ground{
			{Code: "S10.1", Basis: print.Same("Закон РК «О разрешениях и уведомлениях», статья 8"), Reason: print.Same("Заявитель относится к категории, которой деятельность запрещена.")},
			{Code: "S10.3", Requirement: print.Text{KK: "үй-жайға құқықтың болуы", RU: "наличие права на помещение"}, Basis: print.Same("Біліктілік талаптары, 2-тармақ"),
				Reason: print.Text{KK: "2026 жылғы 1 наурыздағы № 12 жалға алу шартының мерзімі 2026 жылғы 31 қазанда аяқталды. Істе үй-жайға құқық туралы басқа құжат жоқ.",
					RU: "Срок договора аренды № 12 от 1 марта 2026 года истёк 31 октября 2026 года. Другого документа о праве на помещение в деле нет."},
				Remedy: print.Text{KK: "Қолданыстағы жалға алу шартын қоса тіркеп, өтінішті қайта беріңіз.", RU: "Приложите действующий договор аренды и подайте заявление снова."}},
		},
		Signature: print.EDS{Signer: "Тестов Б. Т.", At: issued}, CheckURL: "https://portal.example/check", CheckSite: "portal.example", Demo: true,
	}
}

func receipt() print.FilingReceipt {
	day := func(month time.Month, d int) time.Time { return time.Date(2026, month, d, 12, 0, 0, 0, zone) }
	return print.FilingReceipt{
		Number: "13-2026-000418", AcceptedAt: time.Date(2026, 11, 26, 10, 5, 0, 0, zone), DueAt: time.Date(2026, 12, 18, 17, 30, 0, 0, zone),
		Service: print.Text{KK: "Медициналық қызметке лицензия беру, қайта ресімдеу, лицензияның телнұсқаларын беру", RU: "Выдача лицензии, переоформление, выдача дубликатов лицензии на медицинскую деятельность"},
		Kind:    print.Text{KK: "Лицензия беру", RU: "Выдача лицензии"}, Authority: authority, Applicant: clinic, Contacts: []string{"clinic@portal.example", "+7 701 000 00 01"},
		Documents: []print.ReceiptDocument{{Name: print.Text{KK: "Өтініш және мәліметтер нысаны", RU: "Заявление и форма сведений"}, FileName: "request.pdf"},
			{Name: print.Text{KK: "Жалдау шарты", RU: "Договор аренды"}, FileName: "dogovor-arendy.pdf"}, {Name: print.Text{KK: "Диплом", RU: "Диплом"}, Covered: true}},
		Term: print.Text{KK: "15 жұмыс күні", RU: "15 рабочих дней"}, FirstDay: day(11, 27), Registered: day(11, 27),
		Skipped: []print.SkippedDays{{First: day(11, 28), Last: day(11, 29), Why: print.Text{KK: "демалыс", RU: "выходные"}},
			{First: day(12, 16), Last: day(12, 16), Why: print.Text{KK: "Тәуелсіздік күні", RU: "День Независимости"}}},
		CheckURL: "https://portal.example/check", Demo: true,
	}
}

func payment() print.Payment {
	return print.Payment{
		Invoice: "INV-2026-000733", Application: "13-2026-000418", Payer: clinic, Authority: authority, AmountTiyn: 4325000, MCITiyn: 432500, RateMCI: "10",
		PaidAt: time.Date(2026, 11, 26, 10, 4, 0, 0, zone), Gateway: print.Text{KK: "Электрондық үкіметтің төлем шлюзі", RU: "Платёжный шлюз электронного правительства"},
		Reference: "PG-0000-1234", Requisites: print.Requisites{Beneficiary: print.Same("РГУ «УГД по г. Петропавловск»"), BeneficiaryBIN: "123456789031",
			Bank: print.Same("Қазынашылық комитеті"), BIC: "KKMFKZ2A", Account: "KZ000000000000000000", TaxOffice: "4801", Budget: "105402", Purpose: "911"}, Demo: true,
	}
}
