package server_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"elicensing/server/catalog"
	"elicensing/server/directory"
	"elicensing/server/servertest"
)

// opened is a resumable upload that has begun.
type opened struct {
	c    *servertest.Client
	path string
	id   string
}

func openUpload(c *servertest.Client, id, slot string, size int) opened {
	c.Portal.T.Helper()
	path := askUpload(c, id, slot, int64(size)).Expect(http.StatusCreated).Header.Get("Location")
	return opened{c, path, strings.TrimPrefix(path, "/api/uploads/")}
}

// askUpload asks for a place for a scan of so many bytes.
func askUpload(c *servertest.Client, id, slot string, size int64) *servertest.Response {
	b64 := base64.StdEncoding.EncodeToString
	return c.Do(http.MethodPost, "/api/applications/"+id+"/uploads", nil, servertest.Header("Tus-Resumable", "1.0.0"), servertest.Header("Upload-Length", fmt.Sprint(size)),
		servertest.Header("Upload-Metadata", "slot "+b64([]byte(slot))+",filename "+b64([]byte("скан.png"))))
}

// The limits of the declaration are held to the byte and to the file, before anything is sent, and the answer names the limit.
func TestLimitsOfScans(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	c := p.SignInAs("person")
	const mib = 1 << 20
	refused := func(r *servertest.Response, status int, code, name string, limit int) {
		t.Helper()
		r.ExpectProblem(status, code)
		var problem struct{ Params map[string]any }
		if r.JSON(&problem); problem.Params[name] != float64(limit) {
			t.Errorf("%s names %v", code, problem.Params)
		}
	}
	a := c.Begin(catalog.Person)
	refused(askUpload(c, a.ID, "diplomas", 20*mib+1), http.StatusRequestEntityTooLarge, "file_too_large", "maxBytes", 20*mib)
	for range 5 {
		askUpload(c, a.ID, "diplomas", 20*mib).Expect(http.StatusCreated)
	}
	refused(askUpload(c, a.ID, "diplomas", 1), http.StatusRequestEntityTooLarge, "files_too_large", "maxBytes", 100*mib)
	c.Do(http.MethodDelete, "/api/applications/"+a.ID, nil).Expect(http.StatusNoContent)

	a = c.Begin(catalog.Person)
	for range 10 {
		askUpload(c, a.ID, "diplomas", mib).Expect(http.StatusCreated)
	}
	refused(askUpload(c, a.ID, "diplomas", 1), http.StatusUnprocessableEntity, "slot_full", "max", 10)
	for range 10 {
		askUpload(c, a.ID, "trainingPapers", mib).Expect(http.StatusCreated)
	}
	refused(askUpload(c, a.ID, "specialistCertificates", 1), http.StatusUnprocessableEntity, "too_many_uploads", "max", 20)
	c.Do(http.MethodDelete, "/api/applications/"+a.ID, nil).Expect(http.StatusNoContent)

	a = c.Begin(catalog.Person)
	if err := p.DB.Exec(`INSERT INTO attachments (id, application_id, slot, name, size, mime, sha256, uploaded_at)
		SELECT gen_random_uuid(), ?, 'diplomas', 'a.png', 1, 'image/png', sha256('a'), now() FROM generate_series(1, 60)`, a.ID).Error; err != nil {
		t.Fatal(err)
	}
	refused(askUpload(c, a.ID, "trainingPapers", 1), http.StatusUnprocessableEntity, "too_many_files", "max", 60)
}

// An installation sets its own limits: told on the card before a file is chosen, and held.
func TestOwnLimitsOfScans(t *testing.T) {
	t.Parallel()
	places, err := directory.Load()
	if err != nil {
		t.Fatal(err)
	}
	limited, err := catalog.Load(places.AuthorityCodes())
	if err != nil {
		t.Fatal(err)
	}
	if err := limited.LimitScans(1000, 1500); err != nil {
		t.Fatal(err)
	}
	if limited.LimitScans(2000, 0) == nil {
		t.Error("one scan may be larger than all together")
	}
	p := servertest.New(t, servertest.Services(t, limited))
	c := p.SignInAs("person")
	var card struct {
		Service struct {
			Upload struct{ MaxFileBytes, MaxTotalBytes int64 }
		}
	}
	c.Do(http.MethodGet, "/api/services/medical-activity", nil).Expect(http.StatusOK).JSON(&card)
	if card.Service.Upload.MaxFileBytes != 1000 || card.Service.Upload.MaxTotalBytes != 1500 {
		t.Errorf("the card tells %+v", card.Service.Upload)
	}
	a := c.Begin(catalog.Person)
	askUpload(c, a.ID, "diplomas", 1001).ExpectProblem(http.StatusRequestEntityTooLarge, "file_too_large")
	askUpload(c, a.ID, "diplomas", 1000).Expect(http.StatusCreated)
	askUpload(c, a.ID, "diplomas", 501).ExpectProblem(http.StatusRequestEntityTooLarge, "files_too_large")
	askUpload(c, a.ID, "diplomas", 500).Expect(http.StatusCreated)
}

func (u opened) offset() int {
	u.c.Portal.T.Helper()
	n, err := strconv.Atoi(u.c.Do(http.MethodHead, u.path, nil, servertest.Header("Tus-Resumable", "1.0.0")).Expect(http.StatusOK).Header.Get("Upload-Offset"))
	if err != nil {
		u.c.Portal.T.Fatal(err)
	}
	return n
}

func (u opened) send(offset int, part []byte) *servertest.Response {
	return u.c.Do(http.MethodPatch, u.path, part, servertest.Header("Tus-Resumable", "1.0.0"), servertest.Header("Upload-Offset", strconv.Itoa(offset)),
		servertest.Header("Content-Type", "application/offset+octet-stream"))
}

// Bytes that reached the store before the portal was killed are not asked for again, and do not stand in the way of the rest (I28).
func TestUploadGoesOnAfterACrash(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	c := p.SignInAs("person")
	a := c.Begin(catalog.Person)
	picture := servertest.Picture()
	for name, arrived := range map[string]int{"nothing": 0, "a half": len(picture) / 2, "all, before it became an attachment": len(picture)} {
		u := openUpload(c, a.ID, "diplomas", len(picture))
		if _, err := p.Blobs.Append(u.id, 0, bytes.NewReader(picture[:arrived]), int64(len(picture))); err != nil {
			t.Fatal(err)
		}
		at := u.offset()
		if at == len(picture) {
			t.Errorf("%s: told as finished without an attachment", name)
		}
		u.send(at, picture[at:]).Expect(http.StatusNoContent)
		// The answer to the last part is lost: asking again shows that all has come, so that nobody sends it twice.
		if at := u.offset(); at != len(picture) {
			t.Errorf("%s: after the end the offset is %d", name, at)
		}
		r := c.Do(http.MethodGet, "/api/applications/"+a.ID+"/attachments/"+u.id, nil).Expect(http.StatusOK)
		if !bytes.Equal(r.Body, picture) {
			t.Errorf("%s: the scan is another", name)
		}
		c.Do(http.MethodDelete, "/api/applications/"+a.ID+"/attachments/"+u.id, nil).Expect(http.StatusNoContent)
		c.Do(http.MethodHead, u.path, nil, servertest.Header("Tus-Resumable", "1.0.0")).Expect(http.StatusNotFound)
	}
}

// Two copies of a part at once, and an offset that is not the one there is: one is taken, nothing is doubled.
func TestTwoPartsAtOnce(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	c := p.SignInAs("person")
	a := c.Begin(catalog.Person)
	picture := servertest.Picture()
	half := len(picture) / 2
	u := openUpload(c, a.ID, "diplomas", len(picture))
	answers := make(chan int, 8)
	for range 8 {
		go func() { answers <- u.send(0, picture[:half]).Status }()
	}
	taken := 0
	for range 8 {
		switch status := <-answers; status {
		case http.StatusNoContent:
			taken++
		case http.StatusConflict:
		default:
			t.Errorf("answer %d", status)
		}
	}
	if at := u.offset(); taken != 1 || at != half {
		t.Errorf("%d parts taken, offset %d", taken, at)
	}
	u.send(half+1, picture[half+1:]).ExpectProblem(http.StatusConflict, "upload_offset")
	u.send(half, append(picture[half:], 'x')).ExpectProblem(http.StatusRequestEntityTooLarge, "file_too_large")
	u.send(half, picture[half:]).Expect(http.StatusNoContent)
	if got := c.Read(a.ID).Attachments; len(got) != 1 {
		t.Errorf("%d attachments", len(got))
	}
}

// Whoever cancels while the last part arrives gets either a scan or none, never a scan without its bytes.
func TestCancellingTheLastPart(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	c := p.SignInAs("person")
	a := c.Begin(catalog.Person)
	picture := servertest.Picture()
	for range 30 {
		u := openUpload(c, a.ID, "diplomas", len(picture))
		ended := make(chan int, 4)
		go func() { ended <- u.send(0, picture).Status }()
		for range 3 {
			go func() {
				ended <- c.Do(http.MethodDelete, u.path, nil, servertest.Header("Tus-Resumable", "1.0.0")).Status
			}()
		}
		for range 4 {
			if status := <-ended; status >= 500 {
				t.Errorf("answer %d", status)
			}
		}
		for _, x := range c.Read(a.ID).Attachments {
			c.Do(http.MethodGet, "/api/applications/"+a.ID+"/attachments/"+x.ID, nil).Expect(http.StatusOK)
			c.Do(http.MethodDelete, "/api/applications/"+a.ID+"/attachments/"+x.ID, nil).Expect(http.StatusNoContent)
		}
	}
}

// A file's name is shown and offered for saving, and is nothing else: no path, no second header, no turning of the reading direction (I24, I27).
func TestHostileFileNames(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	c := p.SignInAs("person")
	a := c.Begin(catalog.Person)
	for name, want := range map[string]string{
		"../../etc/passwd": "passwd", `C:\temp\скан.png`: "скан.png", "a\"; filename=\"evil.exe": `a"; filename="evil.exe`,
		"a\r\nSet-Cookie: x=1.png": "aSet-Cookie: x=1.png", "\u202egnp.exe": "gnp.exe", strings.Repeat("я", 300): strings.Repeat("я", 119) + "…",
		strings.Repeat("я", 300) + ".pdf": strings.Repeat("я", 115) + "….pdf", "." + strings.Repeat("я", 300): "." + strings.Repeat("я", 118) + "…",
	} {
		c.Attach(a.ID, "diplomas", name, servertest.Picture()).Expect(http.StatusNoContent)
		var seen struct{ Attachments []struct{ ID, Name string } }
		c.Do(http.MethodGet, "/api/applications/"+a.ID, nil).JSON(&seen)
		if len(seen.Attachments) != 1 || seen.Attachments[0].Name != want {
			t.Fatalf("%q is kept as %+v", name, seen.Attachments)
		}
		path := "/api/applications/" + a.ID + "/attachments/" + seen.Attachments[0].ID
		r := c.Do(http.MethodGet, path, nil).Expect(http.StatusOK)
		if d := r.Header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment; filename") || r.Header.Get("Set-Cookie") != "" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%q: %q", name, d)
		}
		part := c.Do(http.MethodGet, path, nil, servertest.Header("Range", "bytes=1-3"), servertest.Bad())
		if part.Status != http.StatusPartialContent || string(part.Body) != "PNG" {
			t.Errorf("a range of %q: %d %q", name, part.Status, part.Body)
		}
		c.Do(http.MethodDelete, path, nil).Expect(http.StatusNoContent)
	}
	for _, name := range []string{"", "...", "\u202e", "/"} {
		c.Attach(a.ID, "diplomas", name, servertest.Picture()).ExpectProblem(http.StatusUnprocessableEntity, "file_name")
	}
}

// Nobody's papers stay behind in the store: cancelled, refused, removed, discarded and forgotten uploads all go, and nothing else does.
func TestDroppedScansLeaveTheStore(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	c := p.SignInAs("person")
	picture := servertest.Picture()
	tus := servertest.Header("Tus-Resumable", "1.0.0")
	kept := func(id string) bool {
		_, err := p.Blobs.Size(id)
		return err == nil
	}
	a := c.Begin(catalog.Person)
	drop := map[string]string{}
	u := openUpload(c, a.ID, "diplomas", len(picture))
	u.send(0, picture[:9]).Expect(http.StatusNoContent)
	c.Do(http.MethodDelete, u.path, nil, tus).Expect(http.StatusNoContent)
	drop["cancelled"] = u.id
	u = openUpload(c, a.ID, "diplomas", 9)
	u.send(0, []byte("not a pic")).ExpectProblem(http.StatusUnprocessableEntity, "file_type")
	drop["refused"] = u.id
	u = openUpload(c, a.ID, "diplomas", len(picture))
	u.send(0, picture).Expect(http.StatusNoContent)
	c.Do(http.MethodDelete, "/api/applications/"+a.ID+"/attachments/"+u.id, nil).Expect(http.StatusNoContent)
	drop["removed"] = u.id
	u = openUpload(c, a.ID, "diplomas", len(picture))
	u.send(0, picture).Expect(http.StatusNoContent)
	drop["of a discarded draft"] = u.id
	c.Do(http.MethodDelete, "/api/applications/"+a.ID, nil).Expect(http.StatusNoContent)

	b := c.Begin(catalog.Person)
	stays := openUpload(c, b.ID, "diplomas", len(picture))
	stays.send(0, picture).Expect(http.StatusNoContent)
	u = openUpload(c, b.ID, "diplomas", len(picture))
	drop["forgotten"] = u.id
	p.Clock.Move(25 * time.Hour)
	if err := p.Applications.SweepUploads(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.Deliver()
	for why, id := range drop {
		if kept(id) {
			t.Errorf("a %s scan is still in the store", why)
		}
	}
	if !kept(stays.id) {
		t.Error("an attachment lost its bytes")
	}
}
