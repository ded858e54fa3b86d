#pragma once

#include "core/export.hpp"

#include <QDialog>

class QLabel;
class QProgressBar;
class QPushButton;

namespace breakwater::desktop {

/// Shows the progress of an export and can cancel it.
class ExportDialog : public QDialog {
    Q_OBJECT
public:
    /// Takes ownership of the export and starts it.
    ExportDialog(Export* newExport, QWidget* parent);

    void reject() override;

private:
    void progress(qint64 rows, qint64 total);
    void finish(const QString& text);

    Export* m_export;
    QLabel* m_text;
    QProgressBar* m_bar;
    QPushButton* m_button;
    bool m_finished = false;
};

/// Asks for a file, then runs the export that `make` creates for that path.
void exportWithDialog(QWidget* parent, const QString& suggested,
                      std::function<Export*(const QString& path)> make);

} // namespace breakwater::desktop
