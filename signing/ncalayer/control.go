package ncalayer

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
)

// controlRequest changes the program between two steps of a test; what is absent stays as it is.
type controlRequest struct {
	Mode     Mode   `json:"mode"`
	P12      []byte `json:"p12"` // base64 in JSON
	Password string `json:"password"`
}

// Control answers POST / with {"mode", "p12", "password"} (204, or 400 with the reason) and GET / with
// {"mode", "key"}. It is for the test that drives the program, on its own loopback port.
func (s *Server) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		key, mode := s.state()
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(object{"mode": mode, "key": key != nil}) // a client that hung up has nobody to tell
	})
	mux.HandleFunc("POST /{$}", func(w http.ResponseWriter, r *http.Request) {
		if !fromThisMachine(r) {
			http.Error(w, "You shall not pass!", http.StatusForbidden)
			return
		}
		if err := s.control(http.MaxBytesReader(w, r.Body, 1<<20)); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	return mux
}

func (s *Server) control(body io.Reader) error {
	var c controlRequest
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return err
	}
	if c.Mode != "" && !slices.Contains(modes, c.Mode) {
		return errUnknownMode
	}
	if c.P12 != nil {
		key, err := OpenKey(c.P12, c.Password)
		if err != nil {
			return err
		}
		s.SetKey(key)
	}
	if c.Mode != "" {
		s.SetMode(c.Mode)
	}
	return nil
}
