#include "gui/pages/models/remove_dialog.h"

#include "gui/client/engine_link.h"
#include "gui/pages/models/say.h"
#include "gui/theme/kind.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace mm::gui::models {

QString removalText(const ModelRow& row, const std::vector<v1::Model>& versions) {
    QStringList parts;
    if (row.isInMemory())
        parts += row.running + row.waiting > 0
                     ? Say::tr("It is loaded: its memory is freed, and the requests that run (%1) or wait (%2) fail.")
                           .arg(row.running)
                           .arg(row.waiting)
                     : Say::tr("It is loaded: it is unloaded first.");
    if (!versions.empty()) {
        QStringList names;
        for (const v1::Model& version : versions)
            names += text(version.version());
        parts += Say::tr("What goes: every version (%1), with configuration, tags and what was measured.")
                     .arg(names.join(QStringLiteral(", ")));
        parts += Say::tr("What stays: the files in %1.").arg(text(versions.front().source_url()));
    }
    return parts.join(QStringLiteral("\n\n"));
}

RemoveDialog::RemoveDialog(const PageContext& context, const ModelRow& row, QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("removeDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Delete a model"));
    auto* title = new QLabel(tr("Delete %1?").arg(text(row.id)));
    setKind(*title, "title");
    title->setWordWrap(true);
    auto* what = new QLabel(removalText(row, {}));
    what->setObjectName(QStringLiteral("removalText"));
    what->setWordWrap(true);
    what->setMinimumWidth(420);
    setKind(*what, "muted");
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto* remove = buttons->addButton(tr("Delete"), QDialogButtonBox::DestructiveRole);
    remove->setObjectName(QStringLiteral("removeButton"));
    setKind(*remove, "danger");
    buttons->button(QDialogButtonBox::Cancel)->setDefault(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(12);
    column->addWidget(title);
    column->addWidget(what);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(remove, &QPushButton::clicked, this, [this, force = row.isInMemory()] {
        Q_EMIT confirmed(force);
        accept();
    });
    buttons->button(QDialogButtonBox::Cancel)->setFocus();
    v1::ListVersionsRequest request;
    request.set_model_id(row.id);
    context.link.call(&RegistryCalls::ListVersions, request, this,
                      [this, what, row](const Result<v1::ListVersionsResponse>& got) {
                          what->setText(got.ok() ? removalText(row, {got->versions().begin(), got->versions().end()})
                                                 : text(got.error().message));
                          adjustSize();
                      });
}

} // namespace mm::gui::models
