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
	r.GET("/api/demo/people", s.handle(s.listDemoPeople))
	r.GET("/api/demo/people/:personId/key", s.handle(s.demoKey))
	r.GET("/demo/mail", s.handle(s.demoMail))

	r.GET("/api/process", s.handle(s.process))
	r.GET("/api/licences/:number", s.handle(s.checkLicence))
	r.POST("/api/licences/check-file", s.handle(s.checkLicenceFile))
	r.POST("/api/payments/notices", s.handle(s.receivePaymentNotice))

	r.GET("/api/session", s.handle(s.getSession))
	r.POST("/api/session/challenge", s.handle(s.createChallenge))
	r.POST("/api/session", s.handle(s.signIn))
	r.DELETE("/api/session", s.handle(s.signOut))

	// Anyone signed in; whose is whose is decided by the use cases.
	cabinet := r.Group("/api", s.requireActor)
	cabinet.PUT("/session/capacity", s.handle(s.chooseCapacity))
	cabinet.GET("/applications", s.handle(s.listApplications))
	cabinet.POST("/applications", s.handle(s.createApplication))
	cabinet.GET("/applications/:id", s.handle(s.getApplication))
	cabinet.DELETE("/applications/:id", s.handle(s.discardDraft))
	cabinet.PUT("/applications/:id/answers", s.handle(s.saveAnswers))
	cabinet.GET("/applications/:id/check", s.handle(s.checkAnswers))
	cabinet.POST("/applications/:id/uploads", s.handle(s.createUpload))
	cabinet.HEAD("/uploads/:uploadId", s.handle(s.getUploadOffset))
	cabinet.PATCH("/uploads/:uploadId", s.handle(s.appendUpload))
	cabinet.DELETE("/uploads/:uploadId", s.handle(s.cancelUpload))
	cabinet.GET("/applications/:id/attachments/:attachmentId", s.handle(s.downloadAttachment))
	cabinet.DELETE("/applications/:id/attachments/:attachmentId", s.handle(s.removeAttachment))
	cabinet.POST("/applications/:id/document", s.handle(s.prepareDocument))
	cabinet.POST("/applications/:id/sign", s.handle(s.signApplication))
	cabinet.POST("/applications/:id/pay", s.handle(s.payApplication))
	cabinet.POST("/applications/:id/payment", s.handle(s.refreshPayment))
	cabinet.POST("/applications/:id/reopen", s.handle(s.reopenApplication))
	cabinet.POST("/applications/:id/withdraw", s.handle(s.withdrawApplication))
	cabinet.GET("/applications/:id/files/:file", s.handle(s.downloadFile))
	cabinet.GET("/licences", s.handle(s.listMyLicences))

	// Officials only.
	authority := r.Group("/api/authority", s.requireActor, s.requireOfficial)
	authority.GET("/queue", s.handle(s.getQueue))
	authority.GET("/executors", s.handle(s.listExecutors))
	authority.GET("/journal", s.handle(s.getIncomingJournal))
	desk := r.Group("/api/applications/:id", s.requireActor, s.requireOfficial)
	desk.POST("/register", s.handle(s.registerApplication))
	desk.POST("/assign", s.handle(s.assignExecutor))
	desk.POST("/reassign", s.handle(s.reassignExecutor))
	desk.POST("/confirm-complete", s.handle(s.confirmComplete))
	desk.PUT("/checklist", s.handle(s.saveChecklist))
	desk.POST("/prepare-licence", s.handle(s.prepareLicence))
	desk.POST("/prepare-refusal", s.handle(s.prepareRefusal))
	desk.POST("/refusal-preview", s.handle(s.previewRefusal))
	desk.POST("/return", s.handle(s.returnDecision))
	desk.POST("/result-document", s.handle(s.prepareResult))
	desk.GET("/result-draft.pdf", s.handle(s.getResultDraft))
	desk.POST("/sign-result", s.handle(s.signResult))

	// Everything else: the pages, or a problem.
	r.NoRoute(s.handle(s.page))
	r.NoMethod(s.handle(s.methodNotAllowed))
}
