// A table for a terminal: columns as wide as their widest cell, numbers to the right, no line with trailing blanks.
// Where that is wider than the terminal, each row is a paragraph instead: its first cell, and below it the others by
// their titles. Plain value. Cells are made printable here; what is painted is given as painter, which does not count
// for the width.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace mm::cli {

class Table {
public:
    enum class Align { Left, Right };
    struct Column {
        std::string title;
        Align align = Align::Left;
    };
    using Painter = std::function<std::string(const std::string&)>;
    struct Cell {
        std::string text;
        Painter paint;

        Cell(std::string t) : text(std::move(t)) {}
        Cell(const char* t) : text(t) {}
        Cell(std::string t, Painter p) : text(std::move(t)), paint(std::move(p)) {}
    };

    struct Style {
        Painter paintTitle = {};
        std::size_t width = 0; // of the terminal; 0: as wide as it gets
    };

    explicit Table(std::vector<Column> columns) : m_columns(std::move(columns)) {}
    // Missing cells are empty; cells beyond the columns are left out. Empty cells show as "-".
    void add(std::vector<Cell> row);
    [[nodiscard]] bool empty() const { return m_rows.empty(); }
    [[nodiscard]] std::string render(const Style& style) const;
    [[nodiscard]] std::string render() const { return render(Style{}); }

private:
    [[nodiscard]] std::string paragraphs(const Style& style) const;

    std::vector<Column> m_columns;
    std::vector<std::vector<Cell>> m_rows;
};

// "name  value" lines with the values in one column; pairs with an empty value are left out.
std::string renderFields(const std::vector<std::pair<std::string, std::string>>& fields);

} // namespace mm::cli
