// Renders a template as listmonk does: Go's html/template for bodies, its text/template for headers.
//
//	go-templates html < {"template": "…", "data": {…}}
package main

import (
	"encoding/json"
	"html/template"
	"io"
	"log"
	"os"
	txttpl "text/template"
)

type executable interface {
	Execute(io.Writer, any) error
}

func parse(kind, source string) (executable, error) {
	if kind == "html" {
		return template.New("recipe").Parse(source)
	}
	return txttpl.New("recipe").Parse(source)
}

func main() {
	var asked struct {
		Template string
		Data     any
	}
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		log.Fatal(err)
	}
	recipe, err := parse(os.Args[1], asked.Template)
	if err != nil {
		log.Fatal(err)
	}
	if err := recipe.Execute(os.Stdout, asked.Data); err != nil {
		log.Fatal(err)
	}
}
