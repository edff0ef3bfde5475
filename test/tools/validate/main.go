// Validates a file with the code of the project that reads it: the API server's own validation for Kubernetes objects, Tekton's and Argo
// Workflows' for theirs, and compose-go for compose files. Fields that the types do not have are errors too.
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/util/yaml"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: validate kubernetes|tekton|argo|compose FILE")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(kind, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	switch kind {
	case "kubernetes":
		return eachDocument(text, validateKubernetes)
	case "tekton":
		return eachDocument(text, validateTekton)
	case "argo":
		return eachDocument(text, validateArgo)
	case "compose":
		return validateCompose(context.Background(), file, text)
	}
	return fmt.Errorf("there is nothing called %q to validate", kind)
}

// eachDocument gives every document of a YAML stream as JSON; a stream without one is an error.
func eachDocument(text []byte, validate func([]byte) error) error {
	reader := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for count := 0; ; count++ {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) && count > 0 {
			return nil
		}
		if err != nil {
			return err
		}
		if err := validate(bytes.TrimSpace(document)); err != nil {
			return fmt.Errorf("document %d: %w", count+1, err)
		}
	}
}
