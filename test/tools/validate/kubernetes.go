package main

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/batch"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	batchvalidation "k8s.io/kubernetes/pkg/apis/batch/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/apis/core/validation"
)

// Decodes as the API server does with fieldValidation=Strict, defaults included, and asks what it asks of a new object.
func validateKubernetes(document []byte) error {
	strict := serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict)
	object, err := runtime.Decode(strict.UniversalDecoder(), document)
	if err != nil {
		return err
	}
	var found field.ErrorList
	switch one := object.(type) {
	case *batch.Job:
		one.Namespace = "default"
		// The server makes a selector of the object's UID, which is not there yet.
		manual := true
		one.Spec.ManualSelector = &manual
		one.Spec.Selector = &metav1.LabelSelector{MatchLabels: map[string]string{"job-name": one.Name}}
		one.Spec.Template.Labels = map[string]string{"job-name": one.Name}
		found = batchvalidation.ValidateJob(one, batchvalidation.JobValidationOptions{})
	case *core.Pod:
		one.Namespace = "default"
		found = validation.ValidatePodCreate(one, validation.PodValidationOptions{})
	default:
		return fmt.Errorf("%T is not validated here", object)
	}
	return found.ToAggregate()
}
