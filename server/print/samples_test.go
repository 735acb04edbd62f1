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
