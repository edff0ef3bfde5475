package main

import (
	"context"
	"fmt"

	tekton "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/storage/names"
	"knative.dev/pkg/apis"
	"sigs.k8s.io/yaml"
)

type validated interface {
	metav1.Object
	SetDefaults(context.Context)
	Validate(context.Context) *apis.FieldError
}

// Defaults and validates as Tekton's admission webhook does when an object is made.
func validateTekton(document []byte) error {
	var kind struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
	}
	if err := yaml.Unmarshal(document, &kind); err != nil {
		return err
	}
	if kind.APIVersion != (schema.GroupVersion{Group: "tekton.dev", Version: "v1"}).String() {
		return fmt.Errorf("apiVersion %q is not Tekton's", kind.APIVersion)
	}
	objects := map[string]validated{
		"Task": &tekton.Task{}, "TaskRun": &tekton.TaskRun{}, "Pipeline": &tekton.Pipeline{}, "PipelineRun": &tekton.PipelineRun{},
	}
	object, known := objects[kind.Kind]
	if !known {
		return fmt.Errorf("kind %q is not validated here", kind.Kind)
	}
	if err := yaml.UnmarshalStrict(document, object); err != nil {
		return err
	}
	// The API server makes the name before it asks a validating webhook (rest.BeforeCreate).
	if object.GetName() == "" && object.GetGenerateName() != "" {
		object.SetName(names.SimpleNameGenerator.GenerateName(object.GetGenerateName()))
	}
	ctx := apis.WithinCreate(context.Background())
	object.SetDefaults(ctx)
	if found := object.Validate(ctx); found != nil {
		return found
	}
	return nil
}
