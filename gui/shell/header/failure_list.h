// FailureList: models that could not be loaded, as events tell it, until they are loaded, changed or gone. The engine
// itself remembers the failure only with the model. Pure.
#pragma once

#include "modelmora/v1/events.pb.h"

#include <map>
#include <string>

namespace mm::gui {

class FailureList {
public:
    void take(const modelmora::v1::Event& event);
    void clear() { m_failures.clear(); }

    // By "org/repo": the sentence of the failure.
    [[nodiscard]] const std::map<std::string, std::string>& failures() const { return m_failures; }

private:
    std::map<std::string, std::string> m_failures;
};

} // namespace mm::gui
