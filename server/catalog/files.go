package catalog

import (
	"elicensing/server/fault"
)

// filePrefix marks paths of slots in the list of mistakes: "documents.entityRegistration".
const filePrefix = "documents."

// SlotsFor lists the slots that are offered to a kind of applicant.
func (s *Service) SlotsFor(kind ApplicantKind) []Slot {
	var slots []Slot
	for _, sec := range s.Sections {
		if !appliesTo(sec.For, kind) {
			continue
		}
		for _, slot := range sec.Slots {
			if appliesTo(slot.For, kind) {
				slots = append(slots, slot)
			}
		}
	}
	return slots
}

// Demanded is true when a file must be attached: the slot is required, and no state register has
// answered for this applicant in its place (S9.A2). registers holds the names that did.
func (sl Slot) Demanded(registers map[string]bool) bool {
	return sl.Required && (sl.CoveredBy == nil || !registers[sl.CoveredBy.Register])
}

// CheckFiles judges which files are attached: slot id → number of files. In a draft only too many
// files and unknown slots are refused; when complete also a demanded document that is missing.
func CheckFiles(s *Service, kind ApplicantKind, files map[string]int, registers map[string]bool, mode Mode) []fault.Field {
	v := &validation{}
	known := map[string]bool{}
	for _, slot := range s.SlotsFor(kind) {
		known[slot.ID] = true
		n := files[slot.ID]
		switch {
		case n > slot.MaxFiles:
			v.fail(filePrefix+slot.ID, CodeTooManyFiles, "max", slot.MaxFiles)
		case n == 0 && mode == Complete && slot.Demanded(registers):
			v.fail(filePrefix+slot.ID, CodeDocumentMissing)
		}
	}
	unknown := map[string]any{}
	for id := range files {
		unknown[id] = nil
	}
	v.unknownKeys("documents", unknown, known)
	return v.errors
}
