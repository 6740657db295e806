#include "gui/pages/playground/request_form.h"

#include "gui/pages/playground/copy_as.h"
#include "gui/theme/kind.h"

#include <QCoreApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include <google/protobuf/util/json_util.h>

namespace mm::gui {
namespace {

constexpr int kParametersHeight = 64;

template <typename Message>
Result<Message> parse(const QString& text, const char* what) {
    Message message;
    if (const auto status = google::protobuf::util::JsonStringToMessage(text.toStdString(), &message); !status.ok())
        return Error{ErrorCode::ValidationError, QCoreApplication::translate("playground", what).toStdString() + ": " +
                                                     std::string(status.message().data(), status.message().size())};
    return message;
}

QLabel* nameOf(QWidget* field, const QString& text) {
    auto* label = new QLabel(text);
    setKind(*label, "muted");
    label->setBuddy(field);
    return label;
}

template <typename Strings>
QString joined(const Strings& strings) {
    QStringList lines;
    for (const std::string& each : strings)
        lines << QString::fromStdString(each);
    return lines.join(QLatin1Char('\n'));
}

} // namespace

QStringList linesOf(const QString& text) {
    QStringList lines;
    for (const QString& line : text.split(QLatin1Char('\n')))
        if (!line.trimmed().isEmpty())
            lines << line.trimmed();
    return lines;
}

Result<v1::InferenceRequest> requestFromJson(const QString& text) {
    return parse<v1::InferenceRequest>(text,
                                       QT_TRANSLATE_NOOP("playground", "The request is not as the API writes it"));
}

RequestForm::RequestForm(QWidget* parent) : QWidget(parent) {
    m_query = new QLineEdit;
    m_query->setObjectName(QStringLiteral("query"));
    m_texts = new QPlainTextEdit;
    m_texts->setObjectName(QStringLiteral("texts"));
    m_texts->setTabChangesFocus(true);
    m_parameters = new QPlainTextEdit;
    m_parameters->setObjectName(QStringLiteral("parameters"));
    m_parameters->setTabChangesFocus(true);
    m_parameters->setPlaceholderText(QStringLiteral("{\"normalize\": true}"));
    m_parameters->setFixedHeight(kParametersHeight);
    m_queryName = nameOf(m_query, tr("&Query"));
    m_textsName = nameOf(m_texts, {});
    m_parametersName = nameOf(m_parameters, tr("&Parameters, as JSON"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_queryName);
    column->addWidget(m_query);
    column->addWidget(m_textsName);
    column->addWidget(m_texts, 1);
    column->addWidget(m_parametersName);
    column->addWidget(m_parameters);
    m_texts->setPlainText(tr("A cat sat on the mat.\nA kitten rested on the rug.\nThe market closed higher today."));
    setTask(m_task);
}

bool RequestForm::isGeneric() const {
    return m_task != v1::TASK_TYPE_TXT2EMBED && m_task != v1::TASK_TYPE_TXT2CLASS &&
           m_task != v1::TASK_TYPE_TXTPAIR2SCORE;
}

void RequestForm::setTask(v1::TaskType task) {
    const bool wasGeneric = isGeneric();
    m_task = task;
    const bool isPair = task == v1::TASK_TYPE_TXTPAIR2SCORE;
    m_queryName->setVisible(isPair);
    m_query->setVisible(isPair);
    m_parametersName->setVisible(!isGeneric());
    m_parameters->setVisible(!isGeneric());
    m_textsName->setText(isGeneric() ? tr("&Request, as JSON of the API")
                         : isPair    ? tr("&Documents, one a line")
                                     : tr("&Texts, one a line"));
    if (isGeneric() && !wasGeneric)
        m_texts->setPlainText(QStringLiteral("{\n  \"input_data\": {\"text\": \"\"},\n  \"parameters\": {}\n}"));
    if (!isGeneric() && wasGeneric)
        m_texts->clear();
}

Result<v1::InferenceRequest> RequestForm::request() const {
    if (isGeneric())
        return requestFromJson(m_texts->toPlainText());
    v1::InferenceRequest request;
    const QStringList lines = linesOf(m_texts->toPlainText());
    if (lines.isEmpty())
        return Error{ErrorCode::ValidationError, tr("There is no text to ask about.").toStdString()};
    for (const QString& line : lines)
        if (m_task == v1::TASK_TYPE_TXTPAIR2SCORE)
            request.mutable_input_data()->mutable_query_documents()->add_documents(line.toStdString());
        else
            request.mutable_input_data()->mutable_text_batch()->add_texts(line.toStdString());
    if (m_task == v1::TASK_TYPE_TXTPAIR2SCORE) {
        if (m_query->text().trimmed().isEmpty())
            return Error{ErrorCode::ValidationError, tr("There is no query.").toStdString()};
        request.mutable_input_data()->mutable_query_documents()->set_query(m_query->text().trimmed().toStdString());
    }
    if (const QString parameters = m_parameters->toPlainText().trimmed(); !parameters.isEmpty()) {
        auto parsed = parse<google::protobuf::Struct>(
            parameters, QT_TRANSLATE_NOOP("playground", "The parameters are no JSON object"));
        if (!parsed.ok())
            return parsed.error();
        *request.mutable_parameters() = std::move(parsed).value();
    }
    return request;
}

void RequestForm::setRequest(const v1::InferenceRequest& request) {
    const auto& input = request.input_data();
    if (isGeneric()) {
        v1::InferenceRequest shown = request;
        shown.clear_model_id();
        return m_texts->setPlainText(jsonOf(shown));
    }
    m_parameters->setPlainText(request.has_parameters() ? jsonOf(request.parameters()) : QString());
    m_query->setText(QString::fromStdString(input.query_documents().query()));
    m_texts->setPlainText(input.has_query_documents() ? joined(input.query_documents().documents())
                                                      : joined(input.text_batch().texts()));
}

} // namespace mm::gui
