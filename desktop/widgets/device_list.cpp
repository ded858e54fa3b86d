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
    auto* searchRow = new QHBoxLayout;
    m_search->setObjectName(u"search"_s);
    m_search->setPlaceholderText(tr("Search by name or id"));
    m_search->setClearButtonEnabled(true);
    searchRow->addWidget(m_search, 1);
    auto* create = makeButton(tr("New device…"), "primary");
    searchRow->addWidget(create);
    layout->addLayout(searchRow);
    auto* filterRow = new QHBoxLayout;
    m_category->setAccessibleName(tr("Category"));
    m_health->setAccessibleName(tr("State"));
    m_health->setObjectName(u"health"_s);
    m_health->addItem(tr("All states"));
    for (const auto freshness :
         {Freshness::Fresh, Freshness::Late, Freshness::Silent, Freshness::Never, Freshness::Blocked})
        m_health->addItem(freshnessName(freshness), QVariant::fromValue(freshness));
    filterRow->addWidget(m_category, 1);
    filterRow->addWidget(m_health, 1);
    layout->addLayout(filterRow);
    layout->addWidget(m_tree, 1);
    layout->addWidget(m_count);
    fillCategories();
    updateCount();

    connect(create, &QPushButton::clicked, this, &DeviceList::createRequested);
    connect(m_search, &QLineEdit::textChanged, &m_filter, &DeviceFilter::setText);
    connect(m_search, &QLineEdit::returnPressed, m_tree, qOverload<>(&QWidget::setFocus));
    connect(m_category, &QComboBox::currentIndexChanged, this,
            [this] { m_filter.setCategory(m_category->currentData().toString()); });
    connect(m_health, &QComboBox::currentIndexChanged, this, [this] {
        const QVariant health = m_health->currentData();
        m_filter.setHealth(health.isValid() ? std::optional{health.value<Freshness>()} : std::nullopt);
    });
    m_countTimer.setSingleShot(true);
    m_countTimer.setInterval(0);
    connect(&m_countTimer, &QTimer::timeout, this, &DeviceList::updateCount);
    for (const auto change : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&m_filter, change, &m_countTimer, qOverload<>(&QTimer::start));
    connect(&m_fleet.model(), &QAbstractItemModel::dataChanged, this, [this](const QModelIndex& topLeft) {
        if (topLeft.column() == DeviceModel::CategoryName)
            fillCategories();
    });
    connect(&m_fleet, &Fleet::loaded, this, [this] {
        fillCategories();
        updateCount();
    });
    m_tickTimer.setInterval(1000);
    connect(&m_tickTimer, &QTimer::timeout, this, &DeviceList::tick);
    m_tickTimer.start();
}

void DeviceList::focusSearch() {
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

DeviceList::FilterState DeviceList::filterState() const {
    return {.text = m_search->text(),
            .category = m_category->currentData().toString(),
            .health = m_health->currentIndex()};
}

void DeviceList::setFilterState(const FilterState& state) {
    m_search->setText(state.text);
    m_health->setCurrentIndex(state.health);
    m_pendingCategory = state.category;
}

void DeviceList::fillCategories() {
    if (m_category->count() == m_fleet.model().categories().size() + 1)
        return;
    const QString slug =
        m_pendingCategory.isEmpty() ? m_category->currentData().toString() : m_pendingCategory;
    if (!m_fleet.model().categories().isEmpty())
        m_pendingCategory.clear();
    m_category->clear();
    m_category->addItem(tr("All categories"));
    for (const Category& category : m_fleet.model().categories())
        m_category->addItem(category.name, category.slug);
    m_category->setCurrentIndex(std::max(0, m_category->findData(slug)));
}

void DeviceList::updateCount() {
    const int all = m_fleet.model().rowCount();
    const int shown = m_filter.rowCount();
    m_count->setText(shown == all ? tr("%n device(s)", nullptr, all)
                                  : tr("%1 of %n device(s)", nullptr, all).arg(shown));
}

void DeviceList::tick() {
    m_filter.updateTime();
    if (!m_tree->isVisible())
        return;
    m_tree->viewport()->update(); // updates texts such as "12 s ago"
    m_fleet.setVisibleDevices(m_tree->visibleIds());
}

} // namespace breakwater::desktop
