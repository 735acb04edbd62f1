package localpg

import (
	"os"
	"syscall"
)

// attributes to run a program in this identity, in a process group of its own: the Ctrl-C of a terminal reaches the whole foreground
// group, and PostgreSQL must outlive the requests that are being finished.
func (as identity) attributes() *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{Setpgid: true}
	switch {
	case as.mapped:
		attributes.Cloneflags = syscall.CLONE_NEWUSER
		attributes.UidMappings = []syscall.SysProcIDMap{{ContainerID: as.uid, HostID: os.Getuid(), Size: 1}}
		attributes.GidMappings = []syscall.SysProcIDMap{{ContainerID: as.gid, HostID: os.Getgid(), Size: 1}}
	case as.other:
		attributes.Credential = &syscall.Credential{Uid: uint32(as.uid), Gid: uint32(as.gid)}
	}
	return attributes
}

// childAttributes adds, for the server itself, that the kernel asks it to shut down when we are killed.
func (as identity) childAttributes() *syscall.SysProcAttr {
	attributes := as.attributes()
	attributes.Pdeathsig = syscall.SIGINT
	return attributes
}
