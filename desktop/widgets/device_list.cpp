#include "widgets/device_list.hpp"

#include "widgets/device_tree.hpp"
#include "widgets/format.hpp"
#include "widgets/labels.hpp"

#include <QComboBox>
#include <QLineEdit>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

DeviceList::DeviceList(Fleet& fleet, QWidget* parent)
    : QWidget{parent},
      m_fleet{fleet},
      m_filter{fleet.model()},
      m_search{new QLineEdit},
      m_category{new QComboBox},
      m_health{new QComboBox},
      m_tree{new DeviceTree{m_filter}},
      m_count{mutedLabel()} {
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins({});
    auto* first = new QHBoxLayout;
    m_search->setObjectName(u"search"_s);
    m_search->setPlaceholderText(tr("Search by name or id"));
    m_search->setClearButtonEnabled(true);
    first->addWidget(m_search, 1);
    auto* create = makeButton(tr("New device…"), "primary");
    first->addWidget(create);
    layout->addLayout(first);
    auto* second = new QHBoxLayout;
    m_category->setAccessibleName(tr("Category"));
    m_health->setAccessibleName(tr("How they do"));
    m_health->setObjectName(u"health"_s);
    m_health->addItem(tr("All states"));
    for (const auto each :
         {Freshness::Fresh, Freshness::Late, Freshness::Silent, Freshness::Never, Freshness::Blocked})
        m_health->addItem(freshnessName(each), QVariant::fromValue(each));
    second->addWidget(m_category, 1);
    second->addWidget(m_health, 1);
    layout->addLayout(second);
    layout->addWidget(m_tree, 1);
    layout->addWidget(m_count);
    fillCategories();
    count();

    connect(create, &QPushButton::clicked, this, &DeviceList::creationWanted);
    connect(m_search, &QLineEdit::textChanged, &m_filter, &DeviceFilter::setText);
    connect(m_search, &QLineEdit::returnPressed, m_tree, qOverload<>(&QWidget::setFocus));
    connect(m_category, &QComboBox::currentIndexChanged, this,
            [this] { m_filter.setCategory(m_category->currentData().toString()); });
    connect(m_health, &QComboBox::currentIndexChanged, this, [this] {
        const QVariant chosen = m_health->currentData();
        m_filter.setHealth(chosen.isValid() ? std::optional{chosen.value<Freshness>()} : std::nullopt);
    });
    m_counting.setSingleShot(true);
    m_counting.setInterval(0);
    connect(&m_counting, &QTimer::timeout, this, &DeviceList::count);
    for (const auto change : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&m_filter, change, &m_counting, qOverload<>(&QTimer::start));
    connect(&m_fleet.model(), &QAbstractItemModel::dataChanged, this, [this](const QModelIndex& from) {
        if (from.column() == DeviceModel::CategoryName)
            fillCategories();
    });
    connect(&m_fleet, &Fleet::loaded, this, [this] {
        fillCategories();
        count();
    });
    m_beat.setInterval(1000);
    connect(&m_beat, &QTimer::timeout, this, &DeviceList::beat);
    m_beat.start();
}

void DeviceList::focusSearch() {
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

DeviceList::Looking DeviceList::looking() const {
    return {.text = m_search->text(),
            .category = m_category->currentData().toString(),
            .health = m_health->currentIndex()};
}

void DeviceList::look(const Looking& looking) {
    m_search->setText(looking.text);
    m_health->setCurrentIndex(looking.health);
    m_wantedCategory = looking.category;
}

void DeviceList::fillCategories() {
    if (m_category->count() == m_fleet.model().categories().size() + 1)
        return;
    const QString chosen =
        m_wantedCategory.isEmpty() ? m_category->currentData().toString() : m_wantedCategory;
    if (!m_fleet.model().categories().isEmpty())
        m_wantedCategory.clear();
    m_category->clear();
    m_category->addItem(tr("All categories"));
    for (const Category& each : m_fleet.model().categories())
        m_category->addItem(each.name, each.slug);
    m_category->setCurrentIndex(std::max(0, m_category->findData(chosen)));
}

void DeviceList::count() {
    const int all = m_fleet.model().rowCount();
    const int shown = m_filter.rowCount();
    m_count->setText(shown == all ? tr("%n device(s)", nullptr, all)
                                  : tr("%1 of %n device(s)", nullptr, all).arg(shown));
}

void DeviceList::beat() {
    m_filter.passTime();
    if (!m_tree->isVisible())
        return;
    m_tree->viewport()->update(); // "12 s ago" grows older
    m_fleet.look(m_tree->visibleIds());
}

} // namespace breakwater::desktop
