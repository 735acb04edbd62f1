package server

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

type healthResponse struct {
	Status string `json:"status"`
}

// health says that the process runs.
func (s *Server) health(c *gin.Context) error {
	return reply(c, http.StatusOK, healthResponse{"ok"})
}

// ready says whether it can work now: a balancer sends nobody here while it cannot.
func (s *Server) ready(c *gin.Context) error {
	if err := s.Ready(c.Request.Context()); err != nil {
		eventOf(c).err = err
		return reply(c, http.StatusServiceUnavailable, healthResponse{codeUnavailable})
	}
	return reply(c, http.StatusOK, healthResponse{"ok"})
}
