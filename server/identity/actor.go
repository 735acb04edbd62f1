// Package identity knows who is acting: a person signed in with an EDS, an organisation through the person who may sign for it, or an
// employee of an authority. Everything is read from the certificate and our own table of employees, never typed (R10.1, S14).
package identity

import "github.com/google/uuid"

// Capacity is as whom a signed-in person acts now.
type Capacity string

const (
	// AsPerson acts for oneself: a natural person or a sole trader.
	AsPerson Capacity = "person"
	// AsEntity acts for the legal entity named in the certificate, as its head or with the right to sign.
	AsEntity Capacity = "entity"
	// AsOfficial acts as an employee of an authority, with the roles that our table gives.
	AsOfficial Capacity = "official"
)

// Role is what an actor may do in the process (R7). Chancery, Head and Executor are given by the table of employees; Applicant is whoever
// owns the application; Gateway and System are ourselves.
type Role string

const (
	Applicant Role = "applicant"
	Chancery  Role = "chancery"
	Head      Role = "head"
	Executor  Role = "executor"
	Gateway   Role = "gateway"
	System    Role = "system"
)

// Actor is handed to every use case that changes something. The zero Actor may do nothing.
type Actor struct {
	IIN      string // 12 digits as the certificate has them; empty only for Gateway and System
	Name     string // full name as the certificate has it
	Capacity Capacity

	BIN          string // AsEntity: the organisation's BIN
	Organisation string // AsEntity: its name

	EmployeeID    uuid.UUID // AsOfficial
	AuthorityCode string    // AsOfficial
	Roles         []Role    // AsOfficial: chancery, head, executor
	Organisations []string  // AsOfficial: BINs of the organisations to which the person is known to belong; their cases are his own (I16)
}

// Has tells whether an official has the role.
func (a Actor) Has(r Role) bool {
	if a.Capacity != AsOfficial {
		return false
	}
	for _, have := range a.Roles {
		if have == r {
			return true
		}
	}
	return false
}

// Key names the actor in idempotency keys and limits: the same person in another capacity is another actor.
func (a Actor) Key() string { return string(a.Capacity) + ":" + a.IIN + ":" + a.BIN }
