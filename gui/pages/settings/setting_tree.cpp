#include "gui/pages/settings/setting_tree.h"

#include <QStringList>

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <utility>

namespace mm::gui {

namespace v1 = modelmora::v1;
using google::protobuf::util::MessageDifferencer;

// An index of a setting carries the number of its group, counted from one; that of a group carries none.

void SettingTree::show(const std::vector<v1::Setting>& settings) {
    std::vector<Group> groups;
    for (const v1::Setting& setting : settings) {
        auto group =
            std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.name == setting.group(); });
        if (group == groups.end())
            group = groups.insert(groups.end(), {setting.group(), {}});
        group->settings.push_back(setting);
    }
    const auto shape = [](const std::vector<Group>& all) {
        std::vector<std::string> names;
        for (const Group& group : all)
            for (const v1::Setting& setting : group.settings)
                names.push_back(setting.name());
        return names;
    };
    if (shape(groups) == shape(m_groups))
        return update(settings);
    beginResetModel();
    m_groups = std::move(groups);
    endResetModel();
}

void SettingTree::update(const std::vector<v1::Setting>& settings) {
    for (const v1::Setting& setting : settings) {
        const QModelIndex place = indexOf(setting.name());
        if (!place.isValid())
            continue;
        v1::Setting& known = m_groups[place.internalId() - 1].settings[static_cast<std::size_t>(place.row())];
        if (MessageDifferencer::Equals(known, setting))
            continue;
        noteForeign(known, setting);
        known = setting;
        touch(setting.name());
    }
}

// Whoever has entered something has not seen this value.
void SettingTree::noteForeign(const v1::Setting& before, const v1::Setting& now) {
    const auto draft = m_drafts.find(now.name());
    if (draft != m_drafts.end() && !draft->second.isAsked && setTo(before) != setTo(now))
        draft->second.refusal = meanwhileSentence(now);
}

void SettingTree::beginEdit(const QModelIndex& index) {
    if (const v1::Setting* setting = at(index))
        m_edit = Edit{setting->name(), setTo(*setting)};
}

void SettingTree::endEdit() {
    if (const auto edit = std::exchange(m_edit, std::nullopt))
        touch(edit->name);
}

bool SettingTree::isOvertaken(const v1::Setting& setting) const {
    return m_edit && m_edit->name == setting.name() && m_edit->before != setTo(setting);
}

void SettingTree::keepDraft(const std::string& name, Draft draft) {
    m_drafts[name] = std::move(draft);
    touch(name);
}

void SettingTree::dropDraft(const std::string& name) {
    m_drafts.erase(name);
    touch(name);
}

void SettingTree::touch(const std::string& name) {
    if (const QModelIndex place = indexOf(name); place.isValid())
        Q_EMIT dataChanged(place, place.siblingAtColumn(kColumns - 1));
}

std::map<std::string, std::string> SettingTree::groupOf() const {
    std::map<std::string, std::string> groups;
    for (const Group& group : m_groups)
        for (const v1::Setting& setting : group.settings)
            groups[setting.name()] = group.name;
    return groups;
}

const v1::Setting* SettingTree::at(const QModelIndex& index) const {
    if (!index.isValid() || index.internalId() == 0)
        return nullptr;
    return &m_groups[index.internalId() - 1].settings[static_cast<std::size_t>(index.row())];
}

QModelIndex SettingTree::indexOf(const std::string& name, int column) const {
    for (std::size_t group = 0; group < m_groups.size(); ++group)
        for (std::size_t row = 0; row < m_groups[group].settings.size(); ++row)
            if (m_groups[group].settings[row].name() == name)
                return createIndex(static_cast<int>(row), column, group + 1);
    return {};
}

QModelIndex SettingTree::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : 0);
}

QModelIndex SettingTree::parent(const QModelIndex& child) const {
    return child.isValid() && child.internalId() > 0
               ? createIndex(static_cast<int>(child.internalId()) - 1, 0, quintptr{0})
               : QModelIndex();
}

int SettingTree::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid())
        return static_cast<int>(m_groups.size());
    if (parent.internalId() > 0 || parent.column() > 0)
        return 0;
    return static_cast<int>(m_groups[static_cast<std::size_t>(parent.row())].settings.size());
}

Qt::ItemFlags SettingTree::flags(const QModelIndex& index) const {
    const v1::Setting* setting = at(index);
    if (!setting)
        return Qt::ItemIsEnabled;
    const bool mayEdit = index.column() == Value && setting->fixed().empty();
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren |
           (mayEdit ? Qt::ItemIsEditable : Qt::NoItemFlags);
}

const Draft* SettingTree::draftOf(const v1::Setting& setting) const {
    const auto draft = m_drafts.find(setting.name());
    return draft == m_drafts.end() ? nullptr : &draft->second;
}

QString SettingTree::text(const v1::Setting& setting, int column) const {
    switch (column) {
    case Name:
        return QString::fromStdString(setting.name());
    case Value: {
        const Draft* draft = draftOf(setting);
        return settingValue(setting, draft ? draft->text : setting.value());
    }
    case Applies:
        return settingApplies(setting);
    default:
        return settingSource(setting);
    }
}

QString SettingTree::second(const v1::Setting& setting, int column) const {
    if (column == Name)
        return helpSentence(setting);
    if (column != Value)
        return {};
    if (isOvertaken(setting))
        return meanwhileSentence(setting);
    const Draft* draft = draftOf(setting);
    return draft ? draft->refusal : settingWaits(setting);
}

QVariant SettingTree::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    const v1::Setting* setting = at(index);
    if (!setting) {
        const bool isTitle = index.column() == Name && (role == Qt::DisplayRole || role == Qt::AccessibleTextRole);
        return isTitle ? groupTitle(m_groups[static_cast<std::size_t>(index.row())].name) : QVariant();
    }
    switch (role) {
    case Qt::DisplayRole:
        return text(*setting, index.column());
    case Qt::EditRole: {
        const Draft* draft = draftOf(*setting);
        return QString::fromStdString(draft ? draft->text : setTo(*setting));
    }
    case Qt::ToolTipRole:
        return index.column() == Value && !setting->fixed().empty() ? QString::fromStdString(setting->fixed())
                                                                    : second(*setting, index.column());
    case Qt::AccessibleTextRole:
        return QString(text(*setting, index.column()) + QStringLiteral(". ") + second(*setting, index.column()));
    case SettingRole:
        return QVariant::fromValue(static_cast<const void*>(setting));
    case SecondRole:
        return second(*setting, index.column());
    case IsBadRole:
        return index.column() == Value && (draftOf(*setting) != nullptr || isOvertaken(*setting));
    case SearchRole:
        return QStringList{text(*setting, Name), helpSentence(*setting), text(*setting, Value), settingSource(*setting)}
            .join(QLatin1Char('\n'));
    default:
        return {};
    }
}

// It is in force when the engine says so.
bool SettingTree::setData(const QModelIndex& index, const QVariant& value, int role) {
    const v1::Setting* setting = at(index);
    if (!setting || role != Qt::EditRole || index.column() != Value)
        return false;
    const QString before = data(index, Qt::EditRole).toString();
    const bool isAsOpened =
        m_edit && m_edit->name == setting->name() && m_edit->before == value.toString().toStdString();
    if ((value.toString() == before || isAsOpened) && !draftOf(*setting))
        return false;
    if (isOvertaken(*setting) && value.toString().toStdString() != setTo(*setting)) {
        keepDraft(setting->name(), {value.toString().toStdString(), meanwhileSentence(*setting), false, false});
        return true;
    }
    Q_EMIT entered(QString::fromStdString(setting->name()), value.toString());
    return true;
}

QVariant SettingTree::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    const QStringList names{tr("Setting"), tr("Value"), tr("A change applies"), tr("Comes from")};
    return role == Qt::DisplayRole ? names.at(section) : QVariant();
}

} // namespace mm::gui
