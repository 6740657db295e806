// AnswerView: what a model answered, as fits what it is: vectors as a heat map, a map and their nearest pairs; scores
// and labels as bars; the rest as text. And where the time went. GUI thread.
#pragma once

#include "modelmora/v1/inference.pb.h"

#include <QStringList>
#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QStackedWidget;
class QVBoxLayout;

namespace mm::gui {

class BarList;
class HeatMap;
class PointMap;
class Theme;
class TimeLegend;
class TimeSplitBar;

namespace v1 = modelmora::v1;

// The texts that were asked about, in their order. Pure, as the next.
QStringList textsOf(const v1::InputData& input);
// "0.82  A cat … — A kitten …", the nearest first.
QStringList nearestTexts(const v1::OutputData& output, const QStringList& texts, std::size_t most);

class AnswerView : public QWidget {
    Q_OBJECT

public:
    explicit AnswerView(Theme& theme, QWidget* parent = nullptr);

    void show(const v1::InferenceRequest& request, const v1::InferenceResponse& response);
    void showRefusal(const QString& sentence);
    void showWaiting();
    using QWidget::show;

private:
    QWidget* makeVectors(Theme& theme);
    void showVectors(const v1::OutputData& output, const QStringList& texts);
    void showBars(const v1::OutputData& output, const QStringList& texts);

    QLabel* m_says = nullptr;
    TimeSplitBar* m_split = nullptr;
    TimeLegend* m_legend = nullptr;
    QStackedWidget* m_stack = nullptr;
    QWidget* m_vectors = nullptr;
    HeatMap* m_heat = nullptr;
    PointMap* m_map = nullptr;
    QLabel* m_nearest = nullptr;
    BarList* m_bars = nullptr;
    QWidget* m_barsArea = nullptr;
    QPlainTextEdit* m_text = nullptr;
};

} // namespace mm::gui
