package main

import (
	"errors"
	"fmt"

	"github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v3/workflow/common"
	"github.com/argoproj/argo-workflows/v3/workflow/validate"
)

// Parses strictly and validates as `argo lint` and a submission do.
func validateArgo(document []byte) error {
	parsed := common.ParseObjects(document, true)
	if len(parsed) == 0 {
		return errors.New("there is no object in it")
	}
	for _, one := range parsed {
		if one.Err != nil {
			return one.Err
		}
		workflow, known := one.Object.(*v1alpha1.Workflow)
		if !known {
			return fmt.Errorf("%T is not validated here", one.Object)
		}
		if err := validate.ValidateWorkflow(nil, nil, workflow, nil, validate.ValidateOpts{Submit: true}); err != nil {
			return err
		}
	}
	return nil
}
