#include "gui/pages/models/details/files_tab.h"

#include "gui/client/engine_link.h"
#include "gui/pages/models/say.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"
#include "gui/widgets/figures.h"
#include "gui/widgets/list.h"

#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace mm::gui::models {

FilesTab::FilesTab(const PageContext& context, QWidget* parent) : DetailsTab(parent), m_context(context) {
    m_whole = new QLabel;
    m_whole->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_whole->setWordWrap(true);
    setKind(*m_whole, "muted");
    m_list = makeList(QStringLiteral("filesList"), tr("Files"), {tr("File"), tr("Size"), tr("SHA-256")}, 0, {1});
    m_list->header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->addWidget(m_whole);
    column->addWidget(m_list, 1);
}

void FilesTab::open(const std::string& id) {
    m_id = id;
    m_checksum.clear();
    m_whole->clear();
    m_list->clear();
}

void FilesTab::refresh() {
    if (m_id.empty())
        return;
    v1::GetModelRequest request;
    request.set_model_id(m_id);
    m_context.link.call(&RegistryCalls::GetModel, request, this, [this, id = m_id](const Result<v1::Model>& got) {
        if (id != m_id)
            return;
        if (!got.ok())
            return m_whole->setText(text(got.error().message));
        showFiles(*got);
    });
}

void FilesTab::showFiles(const v1::Model& model) {
    m_whole->setText(tr("%1 in %2 · whole version %3")
                         .arg(bytesText(model.total_bytes()), text(model.source_url()), text(model.checksum())));
    if (model.checksum() == m_checksum && !m_checksum.empty())
        return;
    m_checksum = model.checksum();
    m_list->clear();
    QList<QTreeWidgetItem*> items;
    for (const v1::ModelFile& file : model.files()) {
        auto* item = new QTreeWidgetItem(QStringList{text(file.path()), bytesText(file.bytes()), text(file.sha256())});
        alignRight(*item, {1});
        item->setFont(2, Theme::monospaced());
        items.append(item);
    }
    m_list->addTopLevelItems(items);
}

} // namespace mm::gui::models
