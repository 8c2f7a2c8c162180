import pytest
from registry.models import Organisation
from payments.models import Rate

@pytest.mark.django_db
@pytest.mark.parametrize("i", range(3))
def test_a(i):
    assert Organisation.objects.count() == 343
    Rate.objects.all().delete()

@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("i", range(3))
def test_b(i):
    assert Rate.objects.count() == 29
    Rate.objects.all().delete()
