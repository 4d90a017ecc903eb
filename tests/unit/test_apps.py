"""Apps: labels, folders and models modules."""

import sys

import pytest

from alembic_manage import ModelsError, SettingsError, UnknownAppError
from alembic_manage.apps import app_with_label, find_apps, import_models


def test_an_app_has_a_label_and_a_folder(write_module, module_folder):
    write_module("company/shop/models.py")
    (app,) = find_apps(["company.shop"])
    assert (app.name, app.label, app.path) == ("company.shop", "shop", module_folder / "company" / "shop")


def test_apps_stay_in_the_order_of_the_settings(write_module):
    write_module("shop/models.py")
    write_module("blog/models.py")
    assert [app.label for app in find_apps(["shop", "blog"])] == ["shop", "blog"]


def test_a_missing_app_is_refused_with_the_command_that_makes_it(module_folder):
    with pytest.raises(SettingsError, match="'no_such_app'") as caught:
        find_apps(["no_such_app"])
    assert caught.value.hint == "python manage.py startapp no_such_app"


def test_a_missing_package_around_an_app_is_refused(module_folder):
    with pytest.raises(SettingsError, match=r"'nowhere\.shop'"):
        find_apps(["nowhere.shop"])


def test_a_module_that_is_no_package_is_no_app(write_module):
    write_module("single.py")
    with pytest.raises(SettingsError, match="no such package"):
        find_apps(["single"])


def test_two_apps_with_one_label_are_refused(write_module):
    write_module("a/shop/models.py")
    write_module("b/shop/models.py")
    with pytest.raises(SettingsError, match=r"'shop': a\.shop and b\.shop"):
        find_apps(["a.shop", "b.shop"])


def test_a_package_around_an_app_that_raises_is_named_with_file_and_line(write_module):
    write_module("broken/shop/models.py")
    write_module("broken/__init__.py", "\n1 / 0")
    with pytest.raises(SettingsError, match=r"__init__\.py:2: ZeroDivisionError"):
        find_apps(["broken.shop"])


@pytest.mark.parametrize("name", ["", ".shop", "sh op"])
def test_a_name_that_is_no_module_is_refused(name, module_folder):
    with pytest.raises(SettingsError):
        find_apps([name])


def test_an_app_is_found_by_its_label(write_module):
    write_module("company/shop/models.py")
    apps = find_apps(["company.shop"])
    assert app_with_label(apps, "shop") is apps[0]


def test_an_unknown_label_is_refused_with_the_known_ones(write_module):
    write_module("shop/models.py")
    with pytest.raises(UnknownAppError, match=r"'blog' \(installed: shop\)") as caught:
        app_with_label(find_apps(["shop"]), "blog")
    assert caught.value.returncode == 2


def test_without_apps_none_are_named():
    with pytest.raises(UnknownAppError, match="installed: none"):
        app_with_label((), "shop")


def test_an_app_without_models_has_no_models_module(write_module, module_folder):
    write_module("bare/commands.py")
    (app,) = find_apps(["bare"])
    assert app.models_module is None
    assert list(import_models(app, module_folder)) == []


def test_finding_an_app_does_not_import_its_models(write_module):
    write_module("shop/models.py", "raise SystemExit('imported')")
    (app,) = find_apps(["shop"])
    assert app.models_module == "shop.models"
    assert "shop.models" not in sys.modules


def test_a_models_package_is_imported_with_every_module_below_it(write_module, module_folder):
    write_module("shop/models/__init__.py")
    write_module("shop/models/orders.py")
    write_module("shop/models/stock/items.py")
    (app,) = find_apps(["shop"])
    names = [module.__name__ for module in import_models(app, module_folder)]
    assert names == ["shop.models", "shop.models.orders", "shop.models.stock", "shop.models.stock.items"]


def test_models_that_raise_are_named_with_file_and_line(write_module, module_folder):
    write_module("shop/models.py", "import os\nos.no_such_thing\n")
    (app,) = find_apps(["shop"])
    with pytest.raises(ModelsError, match=r"shop/models\.py:2: AttributeError"):
        list(import_models(app, module_folder))


def test_models_that_import_a_broken_module_are_named_with_the_line_that_broke(write_module, module_folder):
    write_module("shop/models.py", "from shop.prices import price")
    write_module("shop/prices.py", "\n\nprice = 1 / 0")
    (app,) = find_apps(["shop"])
    with pytest.raises(ModelsError, match=r"shop/prices\.py:3: ZeroDivisionError"):
        list(import_models(app, module_folder))
