package server

import "github.com/gin-gonic/gin"

// routes is the table of contents: one line a route, grouped by who may call. Who owns what is decided below, by the use cases.
func (s *Server) routes(r *gin.Engine) {
	// Anyone.
	r.GET("/healthz", s.handle(s.health))
	r.GET("/readyz", s.handle(s.ready))
	r.GET("/api/config", s.handle(s.config))
	r.GET("/api/services/:code", s.handle(s.serviceCard))
	r.GET("/api/directory/authorities", s.handle(s.authorities))
	r.GET("/api/directory/service-centres", s.handle(s.serviceCentres))
	r.GET("/api/demo/people", s.handle(s.demoPeople))
	r.GET("/api/demo/people/:personId/key", s.handle(s.demoKey))

	r.GET("/api/session", s.handle(s.getSession))
	r.POST("/api/session/challenge", s.handle(s.createChallenge))
	r.POST("/api/session", s.handle(s.signIn))
	r.DELETE("/api/session", s.handle(s.signOut))

	// Anyone signed in; whose is whose is decided by the use cases.
	cabinet := r.Group("/api", s.requireActor)
	cabinet.PUT("/session/capacity", s.handle(s.chooseCapacity))

	// Officials only.
	authority := r.Group("/api/authority", s.requireActor, s.requireOfficial)
	_ = authority

	// Everything else: the pages, or a problem.
	r.NoRoute(s.handle(s.page))
	r.NoMethod(s.handle(s.methodNotAllowed))
}
