//go:build unix && !linux

package localpg

import "syscall"

// attributes to run a program in this identity; systems other than Linux have no user namespaces, so mapped never runs there.
func (as identity) attributes() *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{Setpgid: true}
	if as.mapped || as.other {
		attributes.Credential = &syscall.Credential{Uid: uint32(as.uid), Gid: uint32(as.gid)}
	}
	return attributes
}

// childAttributes are the same: there is no signal at the parent's death here, and the next start ends what was left.
func (as identity) childAttributes() *syscall.SysProcAttr { return as.attributes() }
