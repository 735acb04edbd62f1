package server

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// checkWithin bounds how long a file may take to come that anyone has checked: it stands in memory meanwhile.
const checkWithin = 3 * time.Minute

// checkFor lets a stranger send a file to be checked, unless he has sent too many or sends too many at once. Whoever takes it calls leave when he is done.
func (s *Server) checkFor(c *gin.Context) (leave func(), err error) {
	if err := s.Checks.Allow(c.ClientIP()); err != nil {
		return nil, err
	}
	if leave, err = s.files.Take(c.ClientIP()); err != nil {
		return nil, err
	}
	// The connection's own clock; only a recorder in a test has none.
	if err := http.NewResponseController(c.Writer).SetReadDeadline(time.Now().Add(checkWithin)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		leave()
		return nil, fmt.Errorf("bound the time of a body: %w", err)
	}
	return leave, nil
}
