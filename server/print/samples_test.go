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
	activities = []print.Text{
		{KK: "Ересектерге амбулаториялық-емханалық көмек: терапия", RU: "Амбулаторно-поликлиническая помощь взрослому населению: терапия"},
		{KK: "Ультрадыбыстық диагностика", RU: "Ультразвуковая диагностика"},
		{KK: "Функционалдық диагностика", RU: "Функциональная диагностика"},
	}
)

func licence() print.LicenceDocument {
	return print.LicenceDocument{
		Number: "KZ80DEM00000418", IssuedOn: issued, FirstIssuedOn: issued, Holder: clinic, Licensor: authority.Name,
		Head: "Тестов Б. Т.", Place: print.Text{KK: "Петропавл қаласы", RU: "город Петропавловск"},
		Annexes: []print.Annex{{
			Number: "001", IssuedOn: issued, SubActivities: activities,
			Objects: []print.Text{{KK: "150000, Петропавл қ., Тестовая к-сі, 1, 2-қабат", RU: "150000, г. Петропавловск, ул. Тестовая, 1, 2 этаж"}},
			Basis:   print.Text{KK: "2026 жылғы 18 желтоқсандағы № 412 бұйрық", RU: "приказ от 18 декабря 2026 года № 412"},
		}},
		Signature: print.EDS{Signer: "Тестов Б. Т.", At: issued},
		CheckURL:  "https://portal.example/check/KZ80DEM00000418", CheckSite: "portal.example", Demo: true,
	}
}

func request(kind print.ApplicantKind) print.RequestForm {
	r := print.RequestForm{
		Reference: "13-2026-000418", Applicant: clinic, Head: "ТЕСТОВ БАҚЫТ ТЕСТҰЛЫ", Licensor: authority.Name, SubActivities: activities,
		Paper: true, Email: "clinic@portal.example", Phones: []string{"+7 701 000 00 01", "+7 7152 00 00 00"},
		BankAccount: "KZ00 0000 0000 0000 0000, «Тест Банк» АҚ, Петропавл қ.",
		Sites:       []string{"150000, Петропавл қ., Тестовая к-сі, 1", "150000, Петропавл қ., Абай к-сі, 12, 3-қабат"},
		Sheets:      14, Confirmed: [3]bool{true, true, true}, FilledOn: issued,
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
