package server

import (
	"context"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"elicensing/server/application"
	"elicensing/server/fault"
	"elicensing/server/identity"
)

type assignRequest struct {
	ExecutorID string `json:"executorId"`
	Resolution string `json:"resolution"`
}

func (s *Server) assignExecutor(c *gin.Context) error {
	return s.nameExecutor(c, s.Applications.Assign)
}

func (s *Server) reassignExecutor(c *gin.Context) error {
	return s.nameExecutor(c, s.Applications.Reassign)
}

// nameExecutor reads the head's resolution and hands it to one of the two use cases that name an executor.
func (s *Server) nameExecutor(c *gin.Context, name func(context.Context, identity.Actor, uuid.UUID, application.Press, uuid.UUID, string) error) error {
	var in assignRequest
	return s.act(c, &in, func(id uuid.UUID, p application.Press) error {
		if tooLong(in.Resolution, maxResolution) {
			return fault.Invalid("too_long").WithField("resolution", "too_long")
		}
		executor, err := uuid.Parse(in.ExecutorID)
		if err != nil {
			return fault.Invalid("executor_unknown").WithField("executorId", "executor_unknown")
		}
		return name(c.Request.Context(), actor(c), id, p, executor, in.Resolution)
	})
}
