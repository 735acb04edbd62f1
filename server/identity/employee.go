package identity

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Employee is a person to whom an authority has given roles (R7). The roles are read anew at every request, so a role taken away is gone at
// once.
type Employee struct {
	ID            uuid.UUID `gorm:"primaryKey"`
	AuthorityCode string
	IIN           string `gorm:"column:iin"`
	Name          string
	Roles         roles
	Phone         string
	Active        bool
	CreatedAt     time.Time
}

// TableName is the table's name for GORM.
func (Employee) TableName() string { return "employees" }

// Authority is an authority that takes applications here. Names and addresses belong to the directory.
type Authority struct {
	Code       string `gorm:"primaryKey"`
	BIN        string `gorm:"column:bin"`
	Requisites json.RawMessage
	CreatedAt  time.Time
}

// TableName is the table's name for GORM.
func (Authority) TableName() string { return "authorities" }

// EnsureAuthority sees that the authority exists with this BIN and these requisites (any JSON object; nil for none).
func (s *Service) EnsureAuthority(ctx context.Context, code, bin string, requisites any) error {
	raw := json.RawMessage("{}")
	if requisites != nil {
		b, err := json.Marshal(requisites)
		if err != nil {
			return fmt.Errorf("identity: requisites of %s: %w", code, err)
		}
		raw = b
	}
	err := s.db.WithContext(ctx).Exec(`INSERT INTO authorities (code, bin, requisites, created_at) VALUES (?, ?, ?::jsonb, ?)
		ON CONFLICT (code) DO UPDATE SET bin = EXCLUDED.bin, requisites = EXCLUDED.requisites`, code, bin, string(raw), s.now()).Error
	if err != nil {
		return fmt.Errorf("identity: authority %s: %w", code, err)
	}
	return nil
}

// EnsureEmployee sees that the person works in the authority with exactly these roles, and gives the row. It is how an administrator
// appoints; a person active in another authority is refused by the database.
func (s *Service) EnsureEmployee(ctx context.Context, e Employee) (Employee, error) {
	if len(e.Roles) == 0 {
		return Employee{}, errors.New("identity: an employee needs a role")
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Employee{}, fmt.Errorf("identity: employee id: %w", err)
	}
	e.ID, e.Active, e.CreatedAt = id, true, s.now()
	db := s.db.WithContext(ctx)
	err = db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "authority_code"}, {Name: "iin"}},
		DoUpdates: clause.AssignmentColumns([]string{"name", "roles", "phone", "active"})}).Create(&e).Error
	if err != nil {
		return Employee{}, fmt.Errorf("identity: employee: %w", err)
	}
	var stored Employee
	if err := db.Where("authority_code = ? AND iin = ?", e.AuthorityCode, e.IIN).Take(&stored).Error; err != nil {
		return Employee{}, fmt.Errorf("identity: employee: %w", err)
	}
	return stored, nil
}

// DismissEmployee takes all roles away; open sessions lose them at their next request.
func (s *Service) DismissEmployee(ctx context.Context, id uuid.UUID) error {
	if err := s.db.WithContext(ctx).Model(&Employee{}).Where("id = ?", id).Update("active", false).Error; err != nil {
		return fmt.Errorf("identity: dismiss: %w", err)
	}
	return nil
}

// employeeFor finds the active employee of the authority that the certificate names; nil when there is none.
func employeeFor(db *gorm.DB, iin, bin string) (*Employee, error) {
	if iin == "" || bin == "" {
		return nil, nil
	}
	var e Employee
	err := db.Joins("JOIN authorities ON authorities.code = employees.authority_code").
		Where("employees.iin = ? AND employees.active AND authorities.bin = ?", iin, bin).Take(&e).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("identity: look for employee: %w", err)
	}
	return &e, nil
}

// roles is the column text[].
type roles []Role

// Scan reads the column.
func (r *roles) Scan(src any) error {
	var names []string
	if err := pgtype.NewMap().SQLScanner(&names).Scan(src); err != nil {
		return fmt.Errorf("identity: roles: %w", err)
	}
	*r = nil
	for _, n := range names {
		*r = append(*r, Role(n))
	}
	return nil
}

// GormDataType tells GORM's schema what the column is.
func (roles) GormDataType() string { return "text[]" }

// Value writes the column.
func (r roles) Value() (driver.Value, error) {
	names := make([]string, len(r))
	for i, role := range r {
		if !slices.Contains([]Role{Chancery, Head, Executor}, role) {
			return nil, fmt.Errorf("identity: %q is not a role of an employee", role)
		}
		names[i] = string(role)
	}
	return "{" + strings.Join(names, ",") + "}", nil
}

// Has tells whether the employee has the role now.
func (e *Employee) Has(r Role) bool { return slices.Contains(e.Roles, r) }

// EmployeeByID gives one employee, active or not; nil when there is none.
func EmployeeByID(db *gorm.DB, id uuid.UUID) (*Employee, error) {
	var e Employee
	err := db.Where("id = ?", id).Take(&e).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("identity: read employee: %w", err)
	}
	return &e, nil
}

// EmployeesOf lists the active employees of an authority who have the role, by name.
func EmployeesOf(db *gorm.DB, authorityCode string, r Role) ([]Employee, error) {
	var list []Employee
	err := db.Where("authority_code = ? AND active AND ? = ANY(roles)", authorityCode, string(r)).Order("name, id").Limit(500).Find(&list).Error
	if err != nil {
		return nil, fmt.Errorf("identity: list employees: %w", err)
	}
	return list, nil
}
