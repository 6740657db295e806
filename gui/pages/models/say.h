// Where this page's free functions have their words translated, and the engine's texts as Qt has them.
#pragma once

#include <QCoreApplication>
#include <QString>

#include <string>

namespace mm::gui::models {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(mm::gui::models)
};

inline QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

} // namespace mm::gui::models
