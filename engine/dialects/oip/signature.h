// Which tensors a model takes and gives, by its task: what clients are told, and what requests are checked against.
// Pure, any thread.
#pragma once

#include "engine/dialects/oip/tensor.h"
#include "modelmora/v1/management.pb.h"
#include "modelmora/v1/registry.pb.h"

#include <string>
#include <vector>

namespace mm::dialects::oip {

struct TensorSpec {
    std::string_view name;
    std::string_view datatype;
    Shape shape;           // -1: any size
    bool optional = false; // it can be left out, or another be sent in its place
};

struct Signature {
    std::vector<TensorSpec> inputs;
    std::vector<TensorSpec> outputs;
    // Outputs that it may have where `outputs` has not learnt yet which: the model has never been loaded.
    std::vector<std::string_view> possibleOutputs;

    [[nodiscard]] const TensorSpec* input(std::string_view name) const;
};

// `status` fills in what only a loaded model tells (dimension, labels); it may be empty. NotImplemented for a task
// whose inputs or outputs have no form as tensors here.
Result<Signature> signatureOf(const modelmora::v1::Model& model, const modelmora::v1::ModelStatus& status);

// "text, input_ids, attention_mask"
std::string namesOf(const std::vector<TensorSpec>& specs);

} // namespace mm::dialects::oip
