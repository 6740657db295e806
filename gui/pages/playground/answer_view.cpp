#include "gui/pages/playground/answer_view.h"

#include "gui/pages/playground/bar_list.h"
#include "gui/pages/playground/copy_as.h"
#include "gui/pages/playground/heat_map.h"
#include "gui/pages/playground/point_map.h"
#include "gui/pages/playground/similarity.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"
#include "gui/widgets/time_split_bar.h"
#include "gui/widgets/time_text.h"

#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QStackedWidget>

#include <algorithm>

namespace mm::gui {
namespace {

constexpr std::size_t kMostTexts = 100; // in the heat map
constexpr std::size_t kMostPairs = 5;
constexpr std::size_t kMostBars = 200;

constexpr QChar kTab(u'\t'); // between a pair's number and its texts

// The numbers of lines below one another, whatever their digits are wide.
QString tableOf(const QStringList& lines) {
    QString rows;
    for (const QString& line : lines)
        rows += QStringLiteral("<tr><td align='right'>%1</td><td style='padding-left:12px'>%2</td></tr>")
                    .arg(line.section(kTab, 0, 0), line.section(kTab, 1).toHtmlEscaped());
    return QStringLiteral("<table cellspacing='0'>%1</table>").arg(rows);
}

QLabel* labelOf(const char* kind, const QString& text = {}) {
    auto* label = new QLabel(text);
    setKind(*label, kind);
    return label;
}

std::vector<Bar> barsOf(const v1::OutputData& output, const QStringList& texts) {
    std::vector<Bar> bars;
    for (int i = 0; i < output.scores().values_size(); ++i)
        bars.push_back({texts.value(i), static_cast<double>(output.scores().values(i))});
    if (output.has_scores())
        std::stable_sort(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) { return a.value > b.value; });
    const auto& each = output.classification_batch().classifications();
    for (int i = 0; i < each.size(); ++i)
        for (const auto& label : each[i].labels()) {
            const QString name = QString::fromStdString(label.label());
            bars.push_back({each.size() == 1 ? name : QString(texts.value(i) % QStringLiteral(" · ") % name),
                            static_cast<double>(label.score())});
        }
    bars.resize(std::min(bars.size(), kMostBars));
    return bars;
}

QString saysOf(const v1::InferenceMetadata& metadata) {
    const QLocale locale;
    QStringList parts{spanText(timeSplitOf(metadata).total)};
    if (metadata.input_tokens() > 0)
        parts << AnswerView::tr("%1 tokens").arg(locale.toString(static_cast<qlonglong>(metadata.input_tokens())));
    if (metadata.batch_size() > 0)
        parts << AnswerView::tr("batch of %1").arg(locale.toString(metadata.batch_size()));
    for (const std::string& text : {metadata.device(), metadata.dtype(), metadata.model_version()})
        if (!text.empty())
            parts << QString::fromStdString(text);
    if (metadata.truncated_inputs() > 0)
        parts << AnswerView::tr("%n input(s) cut", nullptr, metadata.truncated_inputs());
    return parts.join(QStringLiteral(" · "));
}

} // namespace

QStringList textsOf(const v1::InputData& input) {
    QStringList texts;
    if (input.has_text())
        texts << QString::fromStdString(input.text());
    for (const std::string& text : input.text_batch().texts())
        texts << QString::fromStdString(text);
    for (const std::string& text : input.query_documents().documents())
        texts << QString::fromStdString(text);
    for (const auto& pair : input.text_pairs().pairs())
        texts << QString(QString::fromStdString(pair.first()) % QStringLiteral(" · ") %
                         QString::fromStdString(pair.second()));
    return texts;
}

QStringList nearestTexts(const v1::OutputData& output, const QStringList& texts, std::size_t most) {
    const Vectors vectors = vectorsOf(output);
    QStringList lines;
    for (const NearPair& pair : nearestPairs(cosines(vectors), vectors.size(), most))
        lines << QString(similarityText(pair.similarity) % kTab % texts.value(static_cast<int>(pair.first)) %
                         QStringLiteral(" — ") % texts.value(static_cast<int>(pair.second)));
    return lines;
}

AnswerView::AnswerView(Theme& theme, QWidget* parent) : QWidget(parent) {
    m_says = labelOf("muted");
    m_says->setObjectName(QStringLiteral("answerSays"));
    m_says->setWordWrap(true);
    m_split = new TimeSplitBar(theme);
    m_legend = new TimeLegend(theme);
    m_bars = new BarList(theme);
    m_bars->setObjectName(QStringLiteral("bars"));
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setWidget(m_bars);
    m_barsArea = scroll;
    m_text = new QPlainTextEdit;
    m_text->setReadOnly(true);
    m_text->setAccessibleName(tr("Answer"));
    m_vectors = makeVectors(theme);
    m_stack = new QStackedWidget;
    m_stack->addWidget(new QWidget);
    m_stack->addWidget(m_vectors);
    m_stack->addWidget(m_barsArea);
    m_stack->addWidget(m_text);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(4, 12, 4, 4);
    column->setSpacing(8);
    column->addWidget(m_says);
    column->addWidget(m_split);
    column->addWidget(m_legend);
    column->addWidget(m_stack, 1);
    m_split->hide();
    m_legend->hide();
    m_says->setText(tr("Choose a model, write something, and run it."));
}

QWidget* AnswerView::makeVectors(Theme& theme) {
    auto* vectors = new QWidget;
    m_heat = new HeatMap(theme);
    m_map = new PointMap(theme);
    m_nearest = new QLabel;
    m_nearest->setObjectName(QStringLiteral("nearest"));
    m_nearest->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_nearest->setWordWrap(true);
    m_nearest->setTextFormat(Qt::RichText);
    auto* grid = new QGridLayout(vectors);
    grid->setContentsMargins(0, 8, 0, 0);
    grid->setHorizontalSpacing(20);
    grid->addWidget(labelOf("heading", tr("Similarity")), 0, 0);
    grid->addWidget(labelOf("heading", tr("Map")), 0, 1);
    grid->addWidget(m_heat, 1, 0);
    grid->addWidget(m_map, 1, 1);
    grid->addWidget(labelOf("heading", tr("Nearest pairs")), 2, 0, 1, 2);
    grid->addWidget(m_nearest, 3, 0, 1, 2);
    grid->setRowStretch(1, 1);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    return vectors;
}

void AnswerView::showWaiting() {
    setKind(*m_says, "muted");
    m_says->setText(tr("The engine works on it…"));
}

void AnswerView::showRefusal(const QString& sentence) {
    setKind(*m_says, "bad");
    m_says->setText(sentence);
    m_split->hide();
    m_legend->hide();
    m_stack->setCurrentIndex(0);
}

void AnswerView::show(const v1::InferenceRequest& request, const v1::InferenceResponse& response) {
    setKind(*m_says, "muted");
    m_says->setText(saysOf(response.metadata()));
    m_split->setSplit(timeSplitOf(response.metadata()));
    m_legend->setSplit(timeSplitOf(response.metadata()));
    m_split->show();
    m_legend->show();
    const v1::OutputData& output = response.output_data();
    const QStringList texts = textsOf(request.input_data());
    if (!vectorsOf(output).empty())
        return showVectors(output, texts);
    if (output.has_scores() || output.has_classification_batch())
        return showBars(output, texts);
    m_text->setPlainText(output.has_text() ? QString::fromStdString(output.text()) : jsonOf(output));
    m_stack->setCurrentWidget(m_text);
}

void AnswerView::showVectors(const v1::OutputData& output, const QStringList& texts) {
    Vectors vectors = vectorsOf(output);
    const bool isCut = vectors.size() > kMostTexts;
    vectors.resize(std::min(vectors.size(), kMostTexts));
    m_heat->setValues(cosines(vectors), texts.mid(0, static_cast<int>(vectors.size())));
    m_map->setPoints(onPlane(vectors), texts.mid(0, static_cast<int>(vectors.size())));
    v1::OutputData shown;
    for (const auto& vector : vectors)
        shown.mutable_embedding_batch()->add_embeddings()->mutable_values()->Add(vector.begin(), vector.end());
    const QStringList nearest = nearestTexts(shown, texts, kMostPairs);
    m_nearest->setAccessibleName(nearest.join(QLatin1Char('\n')));
    m_nearest->setText(tableOf(nearest));
    if (isCut)
        m_says->setText(tr("%1 · the first %2 are shown").arg(m_says->text()).arg(kMostTexts));
    m_stack->setCurrentWidget(m_vectors);
}

void AnswerView::showBars(const v1::OutputData& output, const QStringList& texts) {
    m_bars->setBars(barsOf(output, texts));
    m_stack->setCurrentWidget(m_barsArea);
}

} // namespace mm::gui
