package main

import (
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type schemas struct {
	Provider    schema            `json:"provider"`
	Resources   map[string]schema `json:"resource_schemas"`
	DataSources map[string]schema `json:"data_source_schemas"`
}

type schema struct {
	Block block `json:"block"`
}

type block struct {
	Attributes map[string]attribute `json:"attributes"`
	Blocks     map[string]nested    `json:"block_types"`
}

type attribute struct {
	Type     json.RawMessage `json:"type"`
	Nested   *object         `json:"nested_type"`
	Required bool            `json:"required"`
	Optional bool            `json:"optional"`
	Computed bool            `json:"computed"`
}

type object struct {
	Attributes map[string]attribute `json:"attributes"`
	Nesting    string               `json:"nesting_mode"`
}

type nested struct {
	Block   block  `json:"block"`
	Nesting string `json:"nesting_mode"`
	Min     int64  `json:"min_items"`
	Max     int64  `json:"max_items"`
}

var objectNesting = map[string]tfprotov6.SchemaObjectNestingMode{
	"single": tfprotov6.SchemaObjectNestingModeSingle,
	"list":   tfprotov6.SchemaObjectNestingModeList,
	"set":    tfprotov6.SchemaObjectNestingModeSet,
	"map":    tfprotov6.SchemaObjectNestingModeMap,
}

var blockNesting = map[string]tfprotov6.SchemaNestedBlockNestingMode{
	"single": tfprotov6.SchemaNestedBlockNestingModeSingle,
	"list":   tfprotov6.SchemaNestedBlockNestingModeList,
	"set":    tfprotov6.SchemaNestedBlockNestingModeSet,
}

func (all schemas) response() (*tfprotov6.GetProviderSchemaResponse, error) {
	config, err := all.Provider.made()
	if err != nil {
		return nil, err
	}
	resources, err := made(all.Resources)
	if err != nil {
		return nil, err
	}
	dataSources, err := made(all.DataSources)
	return &tfprotov6.GetProviderSchemaResponse{
		ServerCapabilities: &tfprotov6.ServerCapabilities{},
		Provider:           config,
		ResourceSchemas:    resources,
		DataSourceSchemas:  dataSources,
	}, err
}

func made(of map[string]schema) (map[string]*tfprotov6.Schema, error) {
	result := map[string]*tfprotov6.Schema{}
	for name, each := range of {
		one, err := each.made()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		result[name] = one
	}
	return result, nil
}

func (s schema) made() (*tfprotov6.Schema, error) {
	one, err := s.Block.made()
	return &tfprotov6.Schema{Block: one}, err
}

func (b block) made() (*tfprotov6.SchemaBlock, error) {
	attributes, err := attributesOf(b.Attributes)
	if err != nil {
		return nil, err
	}
	result := &tfprotov6.SchemaBlock{Attributes: attributes}
	for name, each := range b.Blocks {
		inner, err := each.Block.made()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		nesting, known := blockNesting[each.Nesting]
		if !known {
			return nil, fmt.Errorf("%s: no block is nested as %q", name, each.Nesting)
		}
		result.BlockTypes = append(result.BlockTypes, &tfprotov6.SchemaNestedBlock{
			TypeName: name, Block: inner, Nesting: nesting, MinItems: each.Min, MaxItems: each.Max,
		})
	}
	return result, nil
}

func attributesOf(of map[string]attribute) ([]*tfprotov6.SchemaAttribute, error) {
	var result []*tfprotov6.SchemaAttribute
	for name, each := range of {
		one := &tfprotov6.SchemaAttribute{
			Name: name, Required: each.Required, Optional: each.Optional, Computed: each.Computed,
		}
		if err := each.typed(one); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		result = append(result, one)
	}
	return result, nil
}

func (a attribute) typed(one *tfprotov6.SchemaAttribute) (err error) {
	if a.Nested == nil {
		one.Type, err = tftypes.ParseJSONType(a.Type)
		return err
	}
	nesting, known := objectNesting[a.Nested.Nesting]
	if !known {
		return fmt.Errorf("no attribute is nested as %q", a.Nested.Nesting)
	}
	attributes, err := attributesOf(a.Nested.Attributes)
	one.NestedType = &tfprotov6.SchemaObject{Attributes: attributes, Nesting: nesting}
	return err
}
