package server

import "github.com/gin-gonic/gin"

// routes is the table of contents: one line a route, grouped by who may call. Who owns what is decided below, by the use cases.
func (s *Server) routes(r *gin.Engine) {
	// Anyone.
	r.GET("/healthz", s.handle(s.health))
	r.GET("/readyz", s.handle(s.ready))
	r.GET("/api/config", s.handle(s.config))

	// The applicant's cabinet: anyone signed in.

	// The authority: officials only.

	// Everything else: the pages, or a problem.
	r.NoRoute(s.handle(s.page))
	r.NoMethod(s.handle(s.methodNotAllowed))
}
