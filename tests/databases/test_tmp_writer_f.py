import pytest, sqlalchemy as sa
from sqlalchemy import *
from support.autodetection import evolution
pytestmark=[]
def M(f):
    m=MetaData(); f(m); return m
def show(e,p):
    print("\n=====",e.dialect_name); print(e.text(p))
def base(m, **k):
    Table("customers",m,Column("id",Integer,primary_key=True),Column("name",String(50),unique=True))
    Table("orders",m,Column("id",Integer,primary_key=True),Column("customer_id",ForeignKey("customers.id"),index=True),Column("note",String(20)), Column("qty",Integer))
@pytest.fixture(params=[False,True])
def ev(evolution,request):
    if request.param:
        if evolution.dialect_name=='sqlite': pytest.skip()
        evolution.in_batches()
    return evolution
def go(e,a,b,answers=None,fill=None):
    if a: show(e,e.become(M(a)))
    if fill: e.execute(*fill)
    p=e.write(M(b),answers)
    show(e,p)
    e.assert_up_down_up()
def test_drop_all(ev):
    go(ev,base,lambda m: Table("x",m,Column("id",Integer,primary_key=True)),fill=["insert into customers values (1,'a')","insert into orders values(1,1,'x',2)"])
def test_drop_parent(ev):
    go(ev,base,lambda m: Table("orders",m,Column("id",Integer,primary_key=True),Column("customer_id",Integer),Column("note",String(20)), Column("qty",Integer)))
def test_cycle(ev):
    def b(m):
        Table("a",m,Column("id",Integer,primary_key=True),Column("b_id",ForeignKey("b.id")))
        Table("b",m,Column("id",Integer,primary_key=True),Column("a_id",ForeignKey("a.id")))
    go(ev,base,b)
    ev.become(M(lambda m: Table("x",m,Column("id",Integer,primary_key=True))))
    ev.migrate("-1")
def test_enum(ev):
    def a(m):
        Table("a",m,Column("id",Integer,primary_key=True),Column("s",Enum("x","y",name="st")))
    def b(m):
        a(m)
        Table("b",m,Column("id",Integer,primary_key=True),Column("s",Enum("x","y",name="st")))
        Table("c",m,Column("id",Integer,primary_key=True),Column("s",Enum("x","y",name="s2")))
        Table("d",m,Column("id",Integer,primary_key=True),Column("s",Enum("x","y",name="s2")))
    go(ev,a,b)
