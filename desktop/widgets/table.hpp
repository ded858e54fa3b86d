#pragma once

#include <QStyledItemDelegate>
#include <QTableView>

#include <functional>

namespace breakwater::desktop {

/// Shows times as this machine's, and what a table has to say in words or colours of its own.
class TableDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using Tint = std::function<QColor(const QModelIndex&, const QPalette&)>;

    using QStyledItemDelegate::QStyledItemDelegate;
    /// The colour of a cell's text; an invalid one is the usual.
    void setTint(Tint tint) { m_tint = std::move(tint); }

    [[nodiscard]] QString displayText(const QVariant& value, const QLocale& locale) const override;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;

private:
    Tint m_tint;
};

/// A calm table: rows chosen whole, no grid, all of one height. Tells when its end is near.
class Table : public QTableView {
    Q_OBJECT
public:
    explicit Table(const QString& name, QWidget* parent = nullptr);

    [[nodiscard]] TableDelegate& cells() { return *m_cells; }

Q_SIGNALS:
    void endNear();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void lookForEnd();

    TableDelegate* m_cells;
};

} // namespace breakwater::desktop
