// Package ncalayer plays NCALayer, the national signing program, for tests and demonstrations: it
// speaks the program's WebSocket protocol and really signs, with a key file instead of a dialogue.
//
// It signs whatever any page on this machine sends: never run it with a key that means something.
package ncalayer

import (
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Mode says what the person in front of the program does.
type Mode string

const (
	ModeSign         Mode = "sign"          // chooses the key and signs
	ModeCancel       Mode = "cancel"        // closes the dialogue
	ModeError        Mode = "error"         // the program fails
	ModeWrongContent Mode = "wrong-content" // signs something else than the page sent
)

var modes = []Mode{ModeSign, ModeCancel, ModeError, ModeWrongContent}

// maxMessage bounds a message of the page in bytes; the program itself takes files of some megabytes.
const maxMessage = 32 << 20

// Server is one running program. Key and mode may be changed between calls.
type Server struct {
	now      func() time.Time
	upgrader websocket.Upgrader

	mu   sync.Mutex
	key  *Key
	mode Mode
}

// New makes a program without a key: until SetKey it answers as if the person cancelled.
func New(now func() time.Time) *Server {
	return &Server{
		now:  now,
		mode: ModeSign,
		upgrader: websocket.Upgrader{
			CheckOrigin: func(*http.Request) bool { return true }, // any page may talk to the national program
		},
	}
}

// SetKey puts another key into the program.
func (s *Server) SetKey(key *Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.key = key
}

// SetMode changes what the person does from the next call on.
func (s *Server) SetMode(mode Mode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mode = mode
}

func (s *Server) state() (*Key, Mode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.key, s.mode
}

// ServeHTTP speaks the protocol with one page: the program greets first, then answers call by call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !fromThisMachine(r) {
		http.Error(w, "You shall not pass!", http.StatusForbidden)
		return
	}
	socket, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	defer socket.Close()
	socket.SetReadLimit(maxMessage)
	if socket.WriteJSON(greeting) != nil {
		return
	}
	for {
		_, message, err := socket.ReadMessage()
		if err != nil {
			return // the page has gone
		}
		if string(message) == heartbeat {
			if socket.WriteMessage(websocket.TextMessage, []byte(heartbeat)) != nil {
				return
			}
			continue
		}
		if socket.WriteJSON(s.answer(message)) != nil {
			return
		}
	}
}

func (s *Server) answer(message []byte) object {
	var c call
	if json.Unmarshal(message, &c) != nil {
		return notJSON()
	}
	reply := moduleNotFound() // also for moduleKazToken
	if c.Module == moduleBasics {
		if c.Method == methodSign {
			reply = s.sign(c.Args)
		} else {
			reply = failed(codeInvocation, "no such method")
		}
	}
	if present(c.UUID) {
		reply["uuid"] = c.UUID
	}
	return reply
}

func fromThisMachine(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback()
}
