package application

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"elicensing/server/catalog"
	"elicensing/server/print"
)

// printForm fills the printed forms 3, 4 and 5 from the answers (SF3, SF4, SF5.1 to SF5.7). The ids are those of
// catalog/services/medical-activity.yaml; what is not answered stays empty on the form.
func (s *Service) printForm(draft *completeDraft, id string, at time.Time) print.RequestForm {
	a, service, authority := draft.application, draft.service, draft.authority
	in := service.Signed(a.ApplicantKind, a.Answers)
	form := print.RequestForm{
		Reference: id, Applicant: applicantParty(a, in), Head: a.Representative, Licensor: print.Text{KK: authority.Name.KK, RU: authority.Name.RU},
		Activity: printText(service.Activity), Paper: in.Bool("paperCopy"), Email: in.String("email"), Fax: in.String("fax"), BankAccount: in.String("bankAccount"),
		Confirmed:   [3]bool{in.Bool("confirmContacts"), in.Bool("confirmNoBan"), in.Bool("confirmDocuments")},
		EquipmentAt: in.String("equipmentAsOf"), StaffAt: in.String("staffAsOf"), FilledOn: at, Demo: s.Demo,
	}
	for _, phone := range []string{in.String("phone"), in.String("phone2")} {
		if phone != "" {
			form.Phones = append(form.Phones, phone)
		}
	}
	for _, item := range chosenActivities(service, in) {
		form.SubActivities = append(form.SubActivities, printText(item.FullName))
	}
	form.Sites = siteLines(in)
	for _, r := range in.Rows("premises") {
		form.Premises = append(form.Premises, print.Premises{Cadastral: r.String("cadastral"), Location: r.String("location"), Certificate: r.String("certificate"),
			Lease: leaseLine(r.String("leaseNumber"), printDate(r.String("leaseDate")))})
	}
	for _, r := range in.Rows("equipment") {
		form.Equipment = append(form.Equipment, print.Equipment{Name: r.String("name"), Country: r.String("country"), Unit: r.String("unit"),
			Quantity: catalog.Number(r["quantity"]), Year: catalog.Number(r["year"]), NotWorking: r.String("condition") == "not_working"})
	}
	for _, r := range in.Rows("staff") {
		form.Staff = append(form.Staff, print.Worker{Name: r.String("name"), Position: r.String("position"), Education: r.String("education"), Experience: catalog.Number(r["experience"])})
	}
	for _, r := range in.Rows("education") {
		form.Education = append(form.Education, print.Education{Speciality: r.String("speciality"), Qualification: r.String("qualification"), Number: r.String("number"),
			Series: r.String("series"), Institution: r.String("institution"), YearIn: catalog.Number(r["yearIn"]), YearOut: catalog.Number(r["yearOut"]), Nostrification: r.String("nostrification")})
	}
	for _, r := range in.Rows("training") {
		form.Training = append(form.Training, print.Training{Number: r.String("number"), Course: r.String("course"), Institution: r.String("institution"),
			Start: r.String("start"), End: r.String("end"), Hours: catalog.Number(r["hours"])})
	}
	for _, r := range in.Rows("experience") {
		form.Work = append(form.Work, print.Work{Organisation: r.String("organisation"), Location: r.String("location"), Position: r.String("position"),
			Hired: r.String("hired"), Dismissed: r.String("dismissed")})
	}
	if total, ok := service.Experience(a.ApplicantKind, in, at); ok {
		form.Experience = print.Text{KK: strconv.Itoa(total.Years) + " жыл " + strconv.Itoa(total.Months) + " ай",
			RU: strconv.Itoa(total.Years) + " " + yearsRU(total.Years) + " " + strconv.Itoa(total.Months) + " мес."}
	}
	for _, r := range in.Rows("certificates") {
		form.Certificates = append(form.Certificates, print.Certificate{Speciality: r.String("speciality"), Category: r.String("category"), Issuer: r.String("issuer"),
			Number: r.String("number"), Date: r.String("issued"), Term: r.String("validUntil")})
	}
	titles := slotTitles(service)
	for _, x := range draft.attachments {
		form.Documents = append(form.Documents, print.Document{Name: printText(titles[x.Slot]), FileName: x.Name, SHA256: hex.EncodeToString(x.SHA256)})
	}
	return form
}

// applicantParty is the applicant with the address of the form.
func applicantParty(a *Application, in catalog.Answers) print.Party {
	p := print.Party{Kind: print.ApplicantKind(a.ApplicantKind), Name: print.Same(a.ApplicantName), ID: a.ApplicantIIN, Address: print.Same(in.Address("homeAddress").Line())}
	if a.ApplicantKind == catalog.Entity {
		p.ID, p.Address = a.ApplicantBIN, print.Same(in.Address("legalAddress").Line())
	}
	return p
}

// leaseLine is the number and the date of a lease: "№ 12, 12.01.2026". Many type or paste the sign with the number.
func leaseLine(number, date string) string {
	if number = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(number), "№")); number != "" {
		number = "№ " + number
	}
	return strings.Trim(number+", "+date, ", ")
}

// chosenActivities are the chosen sub-activities with their names, in the order of the classifier.
func chosenActivities(service *catalog.Service, in catalog.Answers) []catalog.Item {
	chosen := map[string]bool{}
	for _, code := range in.Codes("subActivities") {
		chosen[code] = true
	}
	items := []catalog.Item{}
	for _, c := range service.Classifiers {
		for _, item := range c.Items {
			if chosen[item.Code] {
				items = append(items, item)
			}
		}
	}
	return items
}

func siteLines(in catalog.Answers) []string {
	lines := []string{}
	for _, site := range in.Addresses("sites") {
		lines = append(lines, site.Line())
	}
	return lines
}

func slotTitles(service *catalog.Service) map[string]catalog.Text {
	titles := map[string]catalog.Text{}
	for _, section := range service.Sections {
		for _, slot := range section.Slots {
			titles[slot.ID] = slot.Title
		}
	}
	return titles
}

func printText(t catalog.Text) print.Text { return print.Text{KK: t.KK, RU: t.RU} }

// printDate turns "2026-03-27" into "27.03.2026" where it stands beside other words; anything else stays as it is.
func printDate(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format("02.01.2006")
}

// yearsRU is the Russian word for a number of years.
func yearsRU(n int) string {
	switch {
	case n%100 >= 11 && n%100 <= 14:
		return "лет"
	case n%10 == 1:
		return "год"
	case n%10 >= 2 && n%10 <= 4:
		return "года"
	default:
		return "лет"
	}
}
