#include "worker/model/safetensors_weights.h"

#include "engine/base/near_match.h"
#include "worker/runtime/failure.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <cstring>

namespace mm::worker {
namespace {

[[noreturn]] void refuse(const std::string& file, std::string_view tensor, const std::string& why, Facts facts = {}) {
    facts.emplace("file", file);
    facts.emplace("tensor", std::string(tensor));
    throw Failure(ErrorCode::InvalidModelFiles, file + ": tensor '" + std::string(tensor) + "' " + why,
                  std::move(facts));
}

at::ScalarType scalarType(const StoredTensor& tensor, const std::string& file) {
    switch (tensor.type) {
    case StoredType::F32:
        return at::kFloat;
    case StoredType::F16:
        return at::kHalf;
    case StoredType::BF16:
        return at::kBFloat16;
    case StoredType::F64:
        return at::kDouble;
    default:
        refuse(file, tensor.name,
               "is stored as " + std::string(storedTypeName(tensor.type)) +
                   "; weights are needed as F32, F16, BF16 or F64",
               {{"dtype", std::string(storedTypeName(tensor.type))}});
    }
}

bool fits(const std::vector<std::int64_t>& wanted, const std::vector<std::int64_t>& found) {
    if (wanted.size() != found.size())
        return false;
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (wanted[i] != -1 && wanted[i] != found[i])
            return false;
    return true;
}

// The mapping outlives every view of it: the view's deleter owns a share of the file.
at::Tensor view(const WeightFiles::Place& place, at::ScalarType type) {
    const StoredTensor& stored = *place.tensor;
    const std::string_view bytes = place.shard->file.bytes().substr(stored.begin, stored.bytes());
    // from_blob() wants a pointer that may be written to; the mapping is read-only, and nobody does.
    void* data = const_cast<char*>(bytes.data());
    const std::size_t size = at::elementSize(type);
    if (reinterpret_cast<std::uintptr_t>(data) % size == 0)
        return at::from_blob(
            data, stored.shape, [shard = place.shard](void*) {}, at::TensorOptions().dtype(type));
    // A header whose length is no multiple of eight leaves its tensors where the processor cannot read them as they
    // are.
    at::Tensor copy = at::empty(stored.shape, at::TensorOptions().dtype(type));
    std::memcpy(copy.data_ptr(), data, stored.bytes());
    return copy;
}

} // namespace

SafetensorsWeights::SafetensorsWeights(WeightFiles files, OnTake onTake)
    : m_files(std::move(files)), m_onTake(std::move(onTake)) {}

at::Tensor SafetensorsWeights::take(std::string_view name, std::vector<std::int64_t> shape) {
    const WeightFiles::Place* place = m_files.find(name);
    if (place == nullptr) {
        std::vector<std::string> names;
        for (const auto& [known, unused] : m_files.places())
            names.push_back(known);
        refuse(m_files.name(), name, "of shape " + shapeText(shape) + " is missing." + didYouMean(name, names),
               {{"wanted_shape", shapeText(shape)}});
    }
    const StoredTensor& stored = *place->tensor;
    const std::string& file = place->shard->file.name();
    if (!fits(shape, stored.shape))
        refuse(file, name,
               "has the shape " + shapeText(stored.shape) + ", but config.json asks for " + shapeText(shape),
               {{"wanted_shape", shapeText(shape)}, {"found_shape", shapeText(stored.shape)}});
    const at::ScalarType type = scalarType(stored, file);
    at::Tensor tensor = view(*place, type);
    if (type == at::kDouble)
        tensor = tensor.to(at::kFloat);
    if (m_taken.emplace(name).second) {
        m_takenBytes += stored.bytes();
        m_takenElements += stored.elements();
    }
    if (m_onTake)
        m_onTake(m_takenBytes, name);
    return tensor;
}

bool SafetensorsWeights::has(std::string_view name) const {
    return m_files.find(name) != nullptr;
}

std::vector<std::string> SafetensorsWeights::unused() const {
    std::vector<std::string> names;
    for (const auto& [name, place] : m_files.places())
        if (!m_taken.contains(name))
            names.push_back(name);
    return names;
}

} // namespace mm::worker
