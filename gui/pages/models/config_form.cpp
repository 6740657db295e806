#include "gui/pages/models/config_form.h"

#include "gui/pages/models/say.h"
#include "gui/theme/kind.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace mm::gui::models {
namespace {

enum class Kind { Choice, Number, Switch, Text };

struct Spec {
    const char* key;
    Kind kind;
    const char* title;
    const char* hint; // what it is where nothing is set
};

constexpr std::array kSpecs{
    Spec{"dtype", Kind::Choice, QT_TRANSLATE_NOOP("mm::gui::models", "Number type"), "auto|fp32|bf16"},
    Spec{"device", Kind::Text, QT_TRANSLATE_NOOP("mm::gui::models", "Device"),
         QT_TRANSLATE_NOOP("mm::gui::models", "auto, cpu, cuda or cuda:N")},
    Spec{"instances", Kind::Number, QT_TRANSLATE_NOOP("mm::gui::models", "Instances"),
         QT_TRANSLATE_NOOP("mm::gui::models", "1 worker; at most 16")},
    Spec{"threads", Kind::Number, QT_TRANSLATE_NOOP("mm::gui::models", "Threads of each"),
         QT_TRANSLATE_NOOP("mm::gui::models", "the instances share the processors")},
    Spec{"pinned", Kind::Switch, QT_TRANSLATE_NOOP("mm::gui::models", "Pinned"), ""},
    Spec{"preload", Kind::Switch, QT_TRANSLATE_NOOP("mm::gui::models", "Loaded at start"), ""},
    Spec{"keep_alive_seconds", Kind::Number, QT_TRANSLATE_NOOP("mm::gui::models", "Stays unused for (s)"),
         QT_TRANSLATE_NOOP("mm::gui::models", "as the engine is set; -1 stays")},
    Spec{"max_length", Kind::Number, QT_TRANSLATE_NOOP("mm::gui::models", "Longest input (tokens)"),
         QT_TRANSLATE_NOOP("mm::gui::models", "the model's own")},
    Spec{"batch_size", Kind::Number, QT_TRANSLATE_NOOP("mm::gui::models", "Inputs in a step"),
         QT_TRANSLATE_NOOP("mm::gui::models", "no limit of its own")},
    Spec{"batch_max_tokens", Kind::Number, QT_TRANSLATE_NOOP("mm::gui::models", "Tokens in a step"),
         QT_TRANSLATE_NOOP("mm::gui::models", "4096")},
    Spec{"batch_max_wait_ms", Kind::Number, QT_TRANSLATE_NOOP("mm::gui::models", "Waits for a batch (ms)"),
         QT_TRANSLATE_NOOP("mm::gui::models", "0: not at all")},
    Spec{"memory_limit_mb", Kind::Number, QT_TRANSLATE_NOOP("mm::gui::models", "Memory limit (MiB)"),
         QT_TRANSLATE_NOOP("mm::gui::models", "none")},
};

const Spec& specOf(const std::string& key) {
    return *std::find_if(kSpecs.begin(), kSpecs.end(), [&](const Spec& spec) { return key == spec.key; });
}

QString textOf(const google::protobuf::Value& value) {
    if (value.has_string_value())
        return text(value.string_value());
    if (value.has_bool_value())
        return value.bool_value() ? QStringLiteral("true") : QStringLiteral("false");
    if (value.has_number_value())
        return QString::number(value.number_value(), 'g', 15);
    return {};
}

google::protobuf::Value valueFrom(Kind kind, const QString& given) {
    google::protobuf::Value value;
    bool isNumber = false;
    const double number = given.toDouble(&isNumber);
    if (kind == Kind::Switch)
        value.set_bool_value(given == QLatin1String("true"));
    else if (kind == Kind::Number && isNumber)
        value.set_number_value(number);
    else
        value.set_string_value(given.toStdString());
    return value;
}

QComboBox* choiceOf(const Spec& spec) {
    auto* box = new QComboBox;
    if (spec.kind == Kind::Switch) {
        box->addItem(Say::tr("no"), QString());
        box->addItem(Say::tr("yes"), QStringLiteral("true"));
        return box;
    }
    for (const QString& choice : QString::fromLatin1(spec.hint).split(QLatin1Char('|')))
        box->addItem(choice, choice == QLatin1String("auto") ? QString() : choice);
    return box;
}

} // namespace

ConfigForm::ConfigForm(QWidget* parent) : QWidget(parent) {
    auto* form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(6);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    for (const Spec& spec : kSpecs)
        add(*form, spec.key);
}

void ConfigForm::add(QFormLayout& form, const char* key) {
    const Spec& spec = specOf(key);
    Field field;
    if (spec.kind == Kind::Choice || spec.kind == Kind::Switch) {
        auto* box = choiceOf(spec);
        connect(box, &QComboBox::currentIndexChanged, this, &ConfigForm::edited);
        field.editor = box;
    } else {
        auto* line = new QLineEdit;
        line->setPlaceholderText(Say::tr(spec.hint));
        connect(line, &QLineEdit::textEdited, this, &ConfigForm::edited);
        field.editor = line;
    }
    field.editor->setObjectName(QStringLiteral("config.") + QLatin1String(key));
    field.editor->setToolTip(QLatin1String(key));
    field.fault = new QLabel;
    field.fault->setObjectName(QStringLiteral("fault.config.") + QLatin1String(key));
    field.fault->setWordWrap(true);
    setKind(*field.fault, "bad");
    field.fault->hide();
    auto* both = new QVBoxLayout;
    both->setSpacing(2);
    both->addWidget(field.editor);
    both->addWidget(field.fault);
    auto* title = new QLabel(Say::tr(spec.title));
    title->setBuddy(field.editor);
    form.addRow(title, both);
    m_fields[key] = field;
}

QString ConfigForm::valueOf(const std::string& key) const {
    QWidget* editor = m_fields.at(key).editor;
    if (auto* box = qobject_cast<QComboBox*>(editor))
        return box->currentData().toString();
    return static_cast<QLineEdit*>(editor)->text().trimmed();
}

void ConfigForm::setValue(const std::string& key, const QString& value) {
    QWidget* editor = m_fields.at(key).editor;
    if (auto* line = qobject_cast<QLineEdit*>(editor))
        return line->setText(value);
    auto* box = static_cast<QComboBox*>(editor);
    const QString kept = value == QLatin1String("false") || value == QLatin1String("auto") ? QString() : value;
    if (box->findData(kept) < 0)
        box->addItem(value, value);
    box->setCurrentIndex(box->findData(kept));
}

void ConfigForm::show(const google::protobuf::Struct& config) {
    const QSignalBlocker quiet(this);
    m_given = config;
    for (const auto& [key, field] : m_fields) {
        const auto found = config.fields().find(key);
        setValue(key, found == config.fields().end() ? QString() : textOf(found->second));
        field.fault->hide();
    }
}

void ConfigForm::show(const google::protobuf::Struct& given, const google::protobuf::Struct& entered) {
    show(entered);
    m_given = given;
}

QString ConfigForm::titleOf(const std::string& key) {
    const auto* const found =
        std::find_if(kSpecs.begin(), kSpecs.end(), [&](const Spec& each) { return key == each.key; });
    return found == kSpecs.end() ? text(key) : Say::tr(found->title);
}

google::protobuf::Struct ConfigForm::config() const {
    google::protobuf::Struct config = m_given;
    for (const auto& [key, field] : m_fields) {
        const QString value = valueOf(key);
        const auto given = m_given.fields().find(key);
        if (given != m_given.fields().end() && valueOf(key) == textOf(given->second))
            continue;
        if (value.isEmpty())
            config.mutable_fields()->erase(key);
        else
            (*config.mutable_fields())[key] = valueFrom(specOf(key).kind, value);
    }
    return config;
}

std::vector<FieldError> ConfigForm::showErrors(const std::vector<FieldError>& errors) {
    for (const auto& [key, field] : m_fields)
        field.fault->hide();
    std::vector<FieldError> left;
    QWidget* first = nullptr;
    for (const FieldError& error : errors) {
        const auto field = error.field.starts_with("config.") ? m_fields.find(error.field.substr(7)) : m_fields.end();
        if (field == m_fields.end()) {
            left.push_back(error);
            continue;
        }
        field->second.fault->setText(text(error.message));
        field->second.fault->show();
        first = first == nullptr ? field->second.editor : first;
    }
    if (first != nullptr)
        first->setFocus();
    return left;
}

} // namespace mm::gui::models
