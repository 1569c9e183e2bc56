// Signs links as the preference centre does, with nothing but Go's own library.
// signing.md explains each step. Run it on your server only: anyone who has the key can open
// everybody's choices. Give it the name of your own package.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
)

// Link is what a link says. Site and Person are needed; what is empty is left out.
type Link struct {
	Site       string `json:"s"`
	Person     string `json:"p"`
	Language   string `json:"l,omitempty"`
	Campaign   string `json:"c,omitempty"`
	Topic      string `json:"t,omitempty"`
	Generation int    `json:"g,omitempty"`
}

type purpose struct {
	path  string
	lives time.Duration
}

// The path of each purpose, and how long its links work. Unsubscribe links never expire.
var purposes = map[string]purpose{
	"preferences": {"p", 180 * 24 * time.Hour},
	"questions":   {"q", 180 * 24 * time.Hour},
	"unsubscribe": {"u", 0},
	"one-click":   {"o", 0},
	"embed":       {"e", 15 * time.Minute},
}

// Sign makes a token for one purpose.
func Sign(key, name string, link Link, now time.Time) (string, error) {
	known, ok := purposes[name]
	if !ok {
		return "", fmt.Errorf("%q is not for senders", name)
	}
	content := struct {
		Link
		Expires int64 `json:"x,omitempty"`
	}{Link: link}
	if known.lives > 0 {
		content.Expires = now.Unix() + int64(known.lives/time.Second)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(content); err != nil {
		return "", err
	}
	payload := base64.RawURLEncoding.EncodeToString(bytes.TrimSpace(text.Bytes()))
	keyOfPurpose := digest([]byte(key), "preference-widget/"+name)
	return payload + "." + base64.RawURLEncoding.EncodeToString(digest(keyOfPurpose, payload)), nil
}

// Address is the address of a token; url is the `url` of the site file.
func Address(url, name, token string) string {
	return url + "/" + purposes[name].path + "/" + token
}

func digest(key []byte, message string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(message))
	return mac.Sum(nil)
}
