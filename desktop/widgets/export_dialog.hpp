#pragma once

#include "core/export.hpp"

#include <QDialog>

class QLabel;
class QProgressBar;
class QPushButton;

namespace breakwater::desktop {

/// Shows how far an export is, and cancels it.
class ExportDialog : public QDialog {
    Q_OBJECT
public:
    /// Takes the export over, and starts it.
    ExportDialog(Export* work, QWidget* parent);

    void reject() override;

private:
    void progress(qint64 rows, qint64 total);
    void end(const QString& text);

    Export* m_work;
    QLabel* m_text;
    QProgressBar* m_bar;
    QPushButton* m_button;
    bool m_ended = false;
};

/// Asks for a file, and exports into it what `make` makes for that path.
void exportWithDialog(QWidget* parent, const QString& suggested,
                      std::function<Export*(const QString& path)> make);

} // namespace breakwater::desktop
