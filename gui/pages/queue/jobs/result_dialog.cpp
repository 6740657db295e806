#include "gui/pages/queue/jobs/result_dialog.h"

#include "gui/pages/queue/jobs/job_texts.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"
#include "gui/widgets/time_text.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSaveFile>
#include <QThreadPool>
#include <QVBoxLayout>

#include <google/protobuf/util/json_util.h>

namespace mm::gui {
namespace {

constexpr int kShown = 200;

// Empty where it is written; otherwise why it is not.
QString write(const v1::InferenceResponse& result, const QString& path) {
    google::protobuf::util::JsonPrintOptions options;
    options.add_whitespace = true;
    options.preserve_proto_field_names = true;
    std::string text;
    if (const auto status = google::protobuf::util::MessageToJsonString(result, &text, options); !status.ok())
        return QString::fromStdString(status.ToString());
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text.data(), static_cast<qint64>(text.size())) < 0 ||
        !file.commit())
        return ResultDialog::tr("%1 cannot be written: %2").arg(path, file.errorString());
    return {};
}

} // namespace

ResultDialog::ResultDialog(const PageContext& context, const v1::JobStatusResponse& job, QWidget* parent)
    : QDialog(parent), m_context(context), m_name(shortId(job.job_id())) {
    setObjectName(QStringLiteral("jobResult"));
    setWindowTitle(tr("Result of job %1").arg(m_name));
    resize(760, 480);
    m_says = new QLabel(tr("The result is being fetched…"));
    setKind(*m_says, "muted");
    m_says->setWordWrap(true);
    m_rows = new QPlainTextEdit;
    m_rows->setObjectName(QStringLiteral("resultRows"));
    m_rows->setReadOnly(true);
    m_rows->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_rows->setFont(Theme::monospaced());
    m_rows->setAccessibleName(tr("First rows of the result"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    m_export = buttons->addButton(tr("Export…"), QDialogButtonBox::ActionRole);
    m_export->setEnabled(false);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_says);
    column->addWidget(m_rows, 1);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_export, &QPushButton::clicked, this, &ResultDialog::chooseFile);
    v1::GetJobResultRequest request;
    request.set_job_id(job.job_id());
    m_context.link.call(
        &InferenceCalls::GetJobResult, request, this,
        [this](Result<v1::InferenceResponse> answer) { take(std::move(answer)); }, EngineLink::kLongSeconds);
}

void ResultDialog::take(Result<v1::InferenceResponse> answer) {
    if (!answer.ok()) {
        setKind(*m_says, "bad");
        return m_says->setText(QString::fromStdString(answer.error().message));
    }
    m_result = std::make_shared<v1::InferenceResponse>(std::move(answer).value());
    const QStringList rows = rowsOf(m_result->output_data(), kShown);
    m_rows->setPlainText(rows.join(QLatin1Char('\n')));
    m_says->setText(rows.size() < kShown ? tr("%n row(s)", nullptr, static_cast<int>(rows.size()))
                                         : tr("The first %1 rows; the file has all of them.").arg(kShown));
    m_export->setEnabled(true);
}

void ResultDialog::chooseFile() {
    auto* files = new QFileDialog(this, tr("Export the result"));
    files->setAttribute(Qt::WA_DeleteOnClose);
    files->setAcceptMode(QFileDialog::AcceptSave);
    files->setNameFilter(tr("JSON (*.json)"));
    files->setDefaultSuffix(QStringLiteral("json"));
    files->selectFile(QString(QStringLiteral("result.json")));
    connect(files, &QFileDialog::fileSelected, this, &ResultDialog::exportTo);
    files->open();
}

void ResultDialog::exportTo(const QString& path) {
    m_export->setEnabled(false);
    QThreadPool::globalInstance()->start([result = m_result, path, dialog = QPointer(this)] {
        const QString fault = write(*result, path);
        QMetaObject::invokeMethod(qApp, [fault, path, dialog] {
            if (!dialog)
                return;
            dialog->m_export->setEnabled(true);
            setKind(*dialog->m_says, fault.isEmpty() ? "good" : "bad");
            dialog->m_says->setText(fault.isEmpty() ? tr("Written to %1.").arg(path) : fault);
        });
    });
}

} // namespace mm::gui
