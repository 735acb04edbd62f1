package catalog

import (
	"regexp"
	"strings"
)

// Address is an address as forms 3 and 4 ask for it.
type Address struct {
	Postcode   string `json:"postcode"`
	Oblast     string `json:"oblast"` // empty for a city of republican significance
	City       string `json:"city"`
	District   string `json:"district"`
	Settlement string `json:"settlement"` // a village; city or settlement is given
	Street     string `json:"street"`
	House      string `json:"house"`
}

func addressOf(m map[string]any) Address {
	return Address{
		Postcode: stringOf(m["postcode"]), Oblast: stringOf(m["oblast"]), City: stringOf(m["city"]), District: stringOf(m["district"]),
		Settlement: stringOf(m["settlement"]), Street: stringOf(m["street"]), House: stringOf(m["house"]),
	}
}

// Line joins the parts that are given with commas, in the order of the form.
func (a Address) Line() string {
	var given []string
	for _, p := range []string{a.Postcode, a.Oblast, a.City, a.District, a.Settlement, a.Street, a.House} {
		if p = strings.TrimSpace(p); p != "" {
			given = append(given, p)
		}
	}
	return strings.Join(given, ", ")
}

// AddressPart is one input of an address, as the page draws it.
type AddressPart struct {
	ID           string `json:"id"`
	Label        Text   `json:"label"`
	Required     bool   `json:"required"`
	MaxLength    int    `json:"maxLength"`
	Autocomplete string `json:"autocomplete,omitempty"`
}

// AddressParts are the inputs of every address, in the order in which forms 3 and 4 name them.
// Beyond Required: a city or a settlement is given, and without a city also the oblast.
func AddressParts() []AddressPart {
	return []AddressPart{
		{"postcode", Text{KK: "Пошта индексі", RU: "Почтовый индекс", EN: "Postcode"}, false, 10, "postal-code"},
		{"oblast", Text{KK: "Облыс", RU: "Область", EN: "Oblast"}, false, 100, "address-level1"},
		{"city", Text{KK: "Қала", RU: "Город", EN: "City"}, false, 100, "address-level2"},
		{"district", Text{KK: "Аудан", RU: "Район", EN: "District"}, false, 100, ""},
		{"settlement", Text{KK: "Елді мекен", RU: "Населённый пункт", EN: "Settlement"}, false, 100, ""},
		{"street", Text{KK: "Көше атауы", RU: "Наименование улицы", EN: "Street"}, true, 200, "address-line1"},
		{"house", Text{KK: "Үй/ғимарат нөмірі", RU: "Номер дома/здания", EN: "House or building number"}, true, 50, "address-line2"},
	}
}

// A postcode is six digits, or the newer kind of one letter and six letters or digits ("A05H9K6").
var postcodePattern = regexp.MustCompile(`^([0-9]{6}|[A-Z][0-9]{2}[A-Z][0-9][A-Z][0-9])$`)

func (v *validation) address(path string, value any, complete, required bool) {
	object, ok := value.(map[string]any)
	if !ok {
		v.fail(path, CodeWrongType)
		return
	}
	before := v.count()
	parts := AddressParts()
	known := map[string]bool{}
	for _, p := range parts {
		known[p.ID] = true
		v.text(joinPath(path, p.ID), object[p.ID], p.MaxLength, false, complete)
	}
	v.unknownKeys(path, object, known)
	if !complete || v.count() > before || (!required && empty(object)) {
		return
	}
	a := addressOf(object)
	for _, p := range parts {
		if p.Required && empty(object[p.ID]) {
			v.fail(joinPath(path, p.ID), CodeRequired)
		}
	}
	if strings.TrimSpace(a.City) == "" {
		if strings.TrimSpace(a.Settlement) == "" {
			v.fail(joinPath(path, "city"), CodeCityOrSettlement)
		}
		if strings.TrimSpace(a.Oblast) == "" {
			v.fail(joinPath(path, "oblast"), CodeRequired)
		}
	}
	if a.Postcode != "" && !postcodePattern.MatchString(a.Postcode) {
		v.fail(joinPath(path, "postcode"), CodeBadPostcode)
	}
}
