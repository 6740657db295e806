// What `infer` and `jobs submit` take alike: texts as arguments, from a file or the standard input, alone, as documents
// of a query or as pairs, and how to compute them. One object per command; one thread.
#pragma once

#include "cli/command.h"
#include "modelmora/v1/inference.pb.h"

#include <cstdio>
#include <string>
#include <vector>

namespace mm::cli {

class InferenceInput {
public:
    InferenceInput() = default;
    InferenceInput(const InferenceInput&) = delete;
    InferenceInput& operator=(const InferenceInput&) = delete;

    // Bound to this object, for the command's declaration.
    std::vector<Positional> positionals();
    std::vector<Flag> flags();

    // Reads the texts from where the command line says, and checks them.
    Result<void> read(std::FILE* standardInput);
    // All of the request but its texts.
    [[nodiscard]] Result<modelmora::v1::InferenceRequest> request(const GlobalOptions& options) const;

    struct Bounds {
        std::size_t texts;
        std::size_t bytes;
    };
    // Puts into `input` as many of the texts from `first` on as the bounds allow, at least one; gives the one after
    // them.
    Result<std::size_t> fill(std::size_t first, const Bounds& bounds, modelmora::v1::InputData& input) const;

    [[nodiscard]] const std::vector<std::string>& texts() const { return m_texts; }
    // Whether the texts are documents that a query ranks.
    [[nodiscard]] bool hasQuery() const { return !m_query.empty(); }

private:
    std::string m_model;
    std::vector<std::string> m_texts;
    std::string m_file;
    std::vector<std::string> m_params;
    std::string m_query;
    bool m_pairs = false;
    std::string m_priority;
};

} // namespace mm::cli
