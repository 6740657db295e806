#include "engine/registry/definitions/yaml_documents.h"

#include <yaml-cpp/eventhandler.h>

#include <sstream>

namespace mm::registry {
namespace {

// Sees where each document begins, and nothing of what it holds.
class Beginnings final : public YAML::EventHandler {
public:
    void OnDocumentStart(const YAML::Mark& mark) override {
        if (mark.pos == m_last)
            throw YAML::ParserException(mark, "this does not belong here");
        m_last = mark.pos;
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}

private:
    int m_last = -1;
};

} // namespace

std::vector<YAML::Node> readDocuments(const std::string& text) {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    Beginnings beginnings;
    while (parser.HandleNextDocument(beginnings)) {
    }
    return YAML::LoadAll(text);
}

} // namespace mm::registry
