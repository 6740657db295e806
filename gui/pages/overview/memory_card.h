// MemoryCard: what is in memory, device by device, and which models take it. GUI thread.
#pragma once

#include "gui/pages/overview/loaded_rows.h"

#include <QFrame>

#include <vector>

class QLabel;
class QTableView;
class QVBoxLayout;

namespace mm::gui {

class EvictionSource;
class LoadedTable;
class MemoryBar;
struct PageContext;

class MemoryCard : public QFrame {
    Q_OBJECT

public:
    explicit MemoryCard(const PageContext& context, QWidget* parent = nullptr);

    // As EngineState has it now.
    void refresh();

private:
    struct Device {
        QWidget* all = nullptr;
        QLabel* title = nullptr;
        QLabel* sentence = nullptr;
        MemoryBar* bar = nullptr;
    };

    void showAll();
    void addDevice();
    void showDevices(const v1::MemoryLedger& memory, const LoadedRows& rows, std::int64_t nowMs);
    QTableView* makeTable();
    void fitTable();
    void openModel(const std::string& modelId);

    const PageContext& m_context;
    QVBoxLayout* m_bars = nullptr;
    std::vector<Device> m_devices;
    EvictionSource* m_order = nullptr;
    LoadedTable* m_table = nullptr;
    QTableView* m_view = nullptr;
    QLabel* m_empty = nullptr;
};

} // namespace mm::gui
