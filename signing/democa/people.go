package democa

import (
	"slices"

	"elicensing/signing/profile"
)

// Password opens every demo key file. It is public: these keys are trusted in demo mode only.
const Password = "Qwerty12"

// The entities of the demonstration; the numbers are invented.
const (
	AuthorityBIN  = "990240003561"                                                    // the authority's number
	AuthorityName = "Управление здравоохранения акимата Северо-Казахстанской области" // as its certificates say
	ClinicBIN     = "123456789021"                                                    // the applying clinic's number
	ClinicName    = "ТОО «Тест Клиника»"                                              // as its certificates say
)

// DemoPerson is somebody with a key file in demo mode. Names and numbers are invented; their check
// digits do not hold, as with the official test persons of the national authority.
type DemoPerson struct {
	ID           string       // stable, e.g. "head"
	Group        string       // "person", "entity", "official" or "trouble"
	Purpose      string       // key of the text that says what this person is for, e.g. "executor"
	Surname      string       // фамилия
	GivenName    string       // имя
	Patronymic   string       // отчество
	IIN          string       // twelve digits, of nobody
	BIN          string       // of the entity; empty for a natural person's certificate
	Organisation string       // name of the entity
	Role         profile.Role // in the entity; empty for a natural person's certificate

	defect defect
}

// Name is surname, given name and patronymic.
func (p DemoPerson) Name() string {
	return profile.Names{CommonName: p.Surname + " " + p.GivenName, Patronymic: p.Patronymic}.FullName()
}

// defect is what is wrong with a key, for the stories about refusals.
type defect string

const (
	sound     defect = ""
	expired   defect = "expired"
	revoked   defect = "revoked"
	authOnly  defect = "auth-only"
	untrusted defect = "untrusted"
)

// The troubled keys bear the name of the natural person, so that nothing but the defect refuses them.
var people = []DemoPerson{
	{ID: "person", Group: "person", Purpose: "person",
		Surname: "ТЕСТОВ", GivenName: "ТЕСТ", Patronymic: "ТЕСТОВИЧ", IIN: "123456789011"},
	{ID: "sole-trader", Group: "person", Purpose: "sole_trader",
		Surname: "ТЕСТТОВ", GivenName: "ТЕСТТ", IIN: "123456789012"},
	{ID: "director", Group: "entity", Purpose: "director",
		Surname: "ТЕСТОВА", GivenName: "ӘЛИЯ", Patronymic: "ТЕСТҚЫЗЫ", IIN: "123456789013",
		BIN: ClinicBIN, Organisation: ClinicName, Role: profile.Head},
	{ID: "chancery", Group: "official", Purpose: "chancery",
		Surname: "ЖҰМАБЕКОВА", GivenName: "ҚЫМБАТ", Patronymic: "НҰРЛАНҚЫЗЫ", IIN: "123456789031",
		BIN: AuthorityBIN, Organisation: AuthorityName, Role: profile.Employee},
	{ID: "head", Group: "official", Purpose: "head",
		Surname: "СЕЙІТҚАЛИЕВ", GivenName: "НҰРБОЛ", Patronymic: "БАУЫРЖАНҰЛЫ", IIN: "123456789032",
		BIN: AuthorityBIN, Organisation: AuthorityName, Role: profile.Head},
	{ID: "executor-1", Group: "official", Purpose: "executor",
		Surname: "ӨТЕГЕНОВА", GivenName: "ГҮЛНӘР", Patronymic: "СЕРІКҚЫЗЫ", IIN: "123456789033",
		BIN: AuthorityBIN, Organisation: AuthorityName, Role: profile.Employee},
	{ID: "executor-2", Group: "official", Purpose: "executor",
		Surname: "ҚОЖАХМЕТОВ", GivenName: "ҒАЛЫМ", Patronymic: "ӘБІШҰЛЫ", IIN: "123456789034",
		BIN: AuthorityBIN, Organisation: AuthorityName, Role: profile.Employee},
	{ID: "expired", Group: "trouble", Purpose: "expired", defect: expired,
		Surname: "ТЕСТОВ", GivenName: "ТЕСТ", Patronymic: "ТЕСТОВИЧ", IIN: "123456789011"},
	{ID: "revoked", Group: "trouble", Purpose: "revoked", defect: revoked,
		Surname: "ТЕСТОВ", GivenName: "ТЕСТ", Patronymic: "ТЕСТОВИЧ", IIN: "123456789011"},
	{ID: "auth-only", Group: "trouble", Purpose: "auth_only", defect: authOnly,
		Surname: "ТЕСТОВ", GivenName: "ТЕСТ", Patronymic: "ТЕСТОВИЧ", IIN: "123456789011"},
	{ID: "untrusted", Group: "trouble", Purpose: "untrusted", defect: untrusted,
		Surname: "ТЕСТОВ", GivenName: "ТЕСТ", Patronymic: "ТЕСТОВИЧ", IIN: "123456789011"},
}

// People lists who has a demo key file, in the order in which they are shown.
func People() []DemoPerson { return slices.Clone(people) }

// PersonByID finds a demo person.
func PersonByID(id string) (DemoPerson, bool) {
	i := slices.IndexFunc(people, func(p DemoPerson) bool { return p.ID == id })
	if i < 0 {
		return DemoPerson{}, false
	}
	return people[i], true
}
