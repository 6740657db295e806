#include "gui/shell/header/failure_list.h"

#include <algorithm>
#include <array>

namespace mm::gui {

void FailureList::take(const modelmora::v1::Event& event) {
    static constexpr std::array kOver{"model.loading", "model.waiting", "model.loaded",
                                      "model.deleted", "model.updated", "model.registered"};
    const std::string model = event.model_id().substr(0, event.model_id().find('@'));
    if (event.type() == "engine.started")
        m_failures.clear();
    else if (event.type() == "model.load_failed")
        m_failures[model] = event.message();
    else if (std::find(kOver.begin(), kOver.end(), event.type()) != kOver.end())
        m_failures.erase(model);
}

} // namespace mm::gui
