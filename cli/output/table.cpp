#include "cli/output/table.h"

#include "cli/output/text.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace mm::cli {
namespace {

constexpr std::size_t kGap = 2;
const std::string kIndent = "  ";
const std::string kNothing = "-";

void put(std::string& line, const std::string& text, const Table::Painter& paint, std::size_t width,
         Table::Align align) {
    const std::string shown = paint ? paint(text) : text;
    const std::string blanks(width - std::min(width, displayWidth(text)), ' ');
    line += align == Table::Align::Right ? blanks + shown : shown + blanks;
}

void trimEnd(std::string& line) {
    line.erase(line.find_last_not_of(' ') + 1);
}

} // namespace

void Table::add(std::vector<Cell> row) {
    row.resize(m_columns.size(), Cell(""));
    for (Cell& cell : row)
        cell.text = cell.text.empty() ? kNothing : printable(cell.text);
    m_rows.push_back(std::move(row));
}

std::string Table::paragraphs(const Style& style) const {
    std::size_t titles = 0;
    for (std::size_t column = 1; column < m_columns.size(); ++column)
        titles = std::max(titles, displayWidth(m_columns[column].title));
    std::string text;
    const auto show = [&](const Cell& cell, const std::string& indent, std::size_t used) {
        bool isFirst = true;
        for (const std::string& line : wrapped(cell.text, style.width > used ? style.width - used : 1)) {
            text += (std::exchange(isFirst, false) ? "" : indent) + (cell.paint ? cell.paint(line) : line) + "\n";
        }
    };
    for (const auto& row : m_rows) {
        show(row.front(), kIndent, kIndent.size());
        for (std::size_t column = 1; column < m_columns.size(); ++column) {
            if (row[column].text == kNothing)
                continue;
            const std::string& title = m_columns[column].title;
            const std::string blanks(titles - displayWidth(title) + kGap, ' ');
            text += kIndent + (style.paintTitle ? style.paintTitle(title) : title) + blanks;
            show(row[column], std::string(kIndent.size() + titles + kGap, ' '), kIndent.size() + titles + kGap);
        }
    }
    return text;
}

std::string Table::render(const Style& style) const {
    std::vector<std::size_t> widths;
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        std::size_t width = displayWidth(m_columns[column].title);
        for (const auto& row : m_rows)
            width = std::max(width, displayWidth(row[column].text));
        widths.push_back(width);
    }
    const std::size_t all =
        std::accumulate(widths.begin(), widths.end(), widths.empty() ? 0 : (widths.size() - 1) * kGap);
    if (style.width > 0 && all > style.width)
        return paragraphs(style);
    std::string text;
    std::string line;
    const auto endCell = [&](std::size_t column) {
        if (column + 1 < m_columns.size()) {
            line.append(kGap, ' ');
            return;
        }
        trimEnd(line);
        text += line + "\n";
        line.clear();
    };
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        put(line, m_columns[column].title, style.paintTitle, widths[column], m_columns[column].align);
        endCell(column);
    }
    for (const auto& row : m_rows)
        for (std::size_t column = 0; column < m_columns.size(); ++column) {
            put(line, row[column].text, row[column].paint, widths[column], m_columns[column].align);
            endCell(column);
        }
    return text;
}

std::string renderFields(const std::vector<std::pair<std::string, std::string>>& fields) {
    std::size_t width = 0;
    for (const auto& [name, value] : fields)
        if (!value.empty())
            width = std::max(width, displayWidth(name));
    std::string text;
    for (const auto& [name, value] : fields)
        if (!value.empty())
            text += name + std::string(width - displayWidth(name) + kGap, ' ') + printable(value) + "\n";
    return text;
}

} // namespace mm::cli
