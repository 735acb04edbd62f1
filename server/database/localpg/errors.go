package localpg

import (
	"errors"
	"fmt"
)

// Problem says which of the foreseeable things went wrong, so that callers and tests need not read the sentence.
type Problem string

const (
	// FolderInUse: a running copy of the program holds the folder.
	FolderInUse Problem = "folder_in_use"
	// FolderForbidden: the folder cannot be made, entered or written by the user who runs PostgreSQL.
	FolderForbidden Problem = "folder_forbidden"
	// FolderOtherVersion: the folder was made by another major version of PostgreSQL than the machine has.
	FolderOtherVersion Problem = "folder_other_version"
	// BinariesMissing: no initdb and postgres were found on this machine.
	BinariesMissing Problem = "binaries_missing"
	// NoOrdinaryUser: started by root, and no way was found to run PostgreSQL as somebody else.
	NoOrdinaryUser Problem = "no_ordinary_user"
	// StillRunning: an earlier PostgreSQL on the folder does not end.
	StillRunning Problem = "still_running"
	// DidNotStart: PostgreSQL ended, or did not answer in time; the last lines of its log are in the sentence.
	DidNotStart Problem = "did_not_start"
)

// Error is a refusal to start. Its sentence says what is the matter and what to do about it.
type Error struct {
	Problem  Problem
	Sentence string
	Err      error // what the system said, if anything
}

func (e *Error) Error() string {
	if e.Err == nil {
		return e.Sentence
	}
	return fmt.Sprintf("%s (%v)", e.Sentence, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// ProblemOf tells which Problem err carries, and "" when it carries none.
func ProblemOf(err error) Problem {
	var refusal *Error
	if errors.As(err, &refusal) {
		return refusal.Problem
	}
	return ""
}

func refuse(problem Problem, err error, format string, args ...any) error {
	return &Error{Problem: problem, Sentence: fmt.Sprintf(format, args...), Err: err}
}
