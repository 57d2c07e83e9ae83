$( Propositional and predicate calculus for SylloGym, written for it. Proofs were found by its steps and written by it. $)

$c ( ) -> ~ & | <-> all some = wff var |- $.
$v P Q R S x y z $.
form-P $f wff P $.  form-Q $f wff Q $.  form-R $f wff R $.  form-S $f wff S $.
var-x $f var x $.  var-y $f var y $.  var-z $f var z $.

$( Formulas. $)
is-imp $a wff ( P -> Q ) $.
is-not $a wff ~ P $.
is-and $a wff ( P & Q ) $.
is-or $a wff ( P | Q ) $.
is-iff $a wff ( P <-> Q ) $.
is-all $a wff all x P $.
is-some $a wff some x P $.
is-eq $a wff x = y $.

$( Axioms of implication and negation, and the rule of detachment. $)
${ mp.1 $e |- P $.  mp.2 $e |- ( P -> Q ) $.  mp $a |- Q $. $}
keep $a |- ( P -> ( Q -> P ) ) $.
share $a |- ( ( P -> ( Q -> R ) ) -> ( ( P -> Q ) -> ( P -> R ) ) ) $.
turn $a |- ( ( ~ P -> ~ Q ) -> ( Q -> P ) ) $.

$( What the other connectives mean. $)
and-make $a |- ( P -> ( Q -> ( P & Q ) ) ) $.
and-left $a |- ( ( P & Q ) -> P ) $.
and-right $a |- ( ( P & Q ) -> Q ) $.
or-left $a |- ( P -> ( P | Q ) ) $.
or-right $a |- ( Q -> ( P | Q ) ) $.
or-use $a |- ( ( P -> R ) -> ( ( Q -> R ) -> ( ( P | Q ) -> R ) ) ) $.
iff-make $a |- ( ( P -> Q ) -> ( ( Q -> P ) -> ( P <-> Q ) ) ) $.
iff-there $a |- ( ( P <-> Q ) -> ( P -> Q ) ) $.
iff-back $a |- ( ( P <-> Q ) -> ( Q -> P ) ) $.

$( Quantifiers and equality. $)
${ all-gen.1 $e |- P $.  all-gen $a |- all x P $. $}
all-share $a |- ( all x ( P -> Q ) -> ( all x P -> all x Q ) ) $.
${ $d x P $.  all-keep $a |- ( P -> all x P ) $. $}
some-def $a |- ( some x P <-> ~ all x ~ P ) $.
eq-some $a |- ~ all x ~ x = y $.
eq-share $a |- ( x = y -> ( x = z -> y = z ) ) $.

$( Implication. $)
${ weaken.1 $e |- P $.
  weaken $p |- ( Q -> P ) $=
  ( is-imp keep mp ) ABADCABEF $. $}
${ spread.1 $e |- ( P -> ( Q -> R ) ) $.
  spread $p |- ( ( P -> Q ) -> ( P -> R ) ) $=
  ( is-imp share mp ) ABCEEABEACEEDABCFG $. $}
${ under.1 $e |- ( P -> Q ) $.  under.2 $e |- ( P -> ( Q -> R ) ) $.
  under $p |- ( P -> R ) $=
  ( is-imp spread mp ) ABFACFDABCEGH $. $}
${ chain.1 $e |- ( P -> Q ) $.  chain.2 $e |- ( Q -> R ) $.
  chain $p |- ( P -> R ) $=
  ( is-imp weaken under ) ABCDBCFAEGH $. $}
self $p |- ( P -> P ) $=
  ( is-imp keep under ) AAABZAAACAECD $.
${ swap.1 $e |- ( P -> ( Q -> R ) ) $.
  swap $p |- ( Q -> ( P -> R ) ) $=
  ( is-imp keep spread chain ) BABEACEBAFABCDGH $. $}
feed $p |- ( P -> ( ( P -> Q ) -> Q ) ) $=
  ( is-imp self swap ) ABCZABFDE $.
compose $p |- ( ( Q -> R ) -> ( ( P -> Q ) -> ( P -> R ) ) ) $=
  ( is-imp keep share chain ) BCDZAHDABDACDDHAEABCFG $.
precompose $p |- ( ( P -> Q ) -> ( ( Q -> R ) -> ( P -> R ) ) ) $=
  ( is-imp compose swap ) BCDABDACDABCEF $.
exchange $p |- ( ( P -> ( Q -> R ) ) -> ( Q -> ( P -> R ) ) ) $=
  ( is-imp share keep precompose mp chain ) ABCDDABDZACDZDZBKDZABCEBJDLMDBAFBJKGHI $.
contract $p |- ( ( P -> ( P -> Q ) ) -> ( P -> Q ) ) $=
  ( is-imp self weaken share under ) AABCZCZAACZHJIADEAABFG $.
${ lead.1 $e |- ( P -> ( Q -> R ) ) $.  lead.2 $e |- ( P -> ( R -> S ) ) $.
  lead $p |- ( P -> ( Q -> S ) ) $=
  ( is-imp compose chain under ) ABCGZBDGZEACDGKLGFBCDHIJ $. $}
${ tail.1 $e |- ( P -> ( Q -> R ) ) $.  tail.2 $e |- ( R -> S ) $.
  tail $p |- ( P -> ( Q -> S ) ) $=
  ( is-imp weaken lead ) ABCDECDGAFHI $. $}
${ inner.1 $e |- ( P -> Q ) $.  inner.2 $e |- ( R -> ( Q -> S ) ) $.
  inner $p |- ( R -> ( P -> S ) ) $=
  ( is-imp swap chain ) ACDABCDGECBDFHIH $. $}

$( Negation. $)
absurd $p |- ( ~ P -> ( P -> Q ) ) $=
  ( is-not is-imp keep turn chain ) ACZBCZHDABDHIEBAFG $.
absurd-swap $p |- ( P -> ( ~ P -> Q ) ) $=
  ( is-not absurd swap ) ACABABDE $.
not-not-use $p |- ( ~ ~ P -> P ) $=
  ( is-not is-imp absurd turn chain contract mp ) ABZBZJACZCKJIJBZCKILDAJEFJAGH $.
not-not-make $p |- ( P -> ~ ~ P ) $=
  ( is-not is-imp not-not-use turn mp ) ABZBZBGCAHCGDHAEF $.
contra $p |- ( ( P -> Q ) -> ( ~ Q -> ~ P ) ) $=
  ( is-imp is-not not-not-use precompose mp not-not-make compose chain turn )
  ABCZADZDZBDZDZCZOMCLNBCZQNACLRCAENABFGBPCRQCBHNBPIGJMOKJ $.
${ contra-rule.1 $e |- ( P -> Q ) $.
  contra-rule $p |- ( ~ Q -> ~ P ) $=
  ( is-imp is-not contra mp ) ABDBEAEDCABFG $. $}
contra-left $p |- ( ( ~ P -> Q ) -> ( ~ Q -> P ) ) $=
  ( is-not is-imp contra not-not-use compose mp chain ) ACZBDBCZJCZDZKADZJBELADMNDAFKLAGHI $.
contra-right $p |- ( ( P -> ~ Q ) -> ( Q -> ~ P ) ) $=
  ( is-not is-imp contra not-not-make precompose mp chain ) ABCZDJCZACZDZBLDZAJEBKDMNDBFBKLGHI $.
clavius $p |- ( ( ~ P -> P ) -> P ) $=
  ( is-not is-imp absurd spread turn chain contract mp ) ABZACZKACZCLKJKBZCLJAMAMDEAKFGKAHI $.
clavius-not $p |- ( ( P -> ~ P ) -> ~ P ) $=
  ( is-not is-imp not-not-use precompose mp clavius chain ) AABZCZIBZICZIKACJLCADKAIEFIGH $.
${ cases.1 $e |- ( P -> Q ) $.  cases.2 $e |- ( ~ P -> Q ) $.
  cases $p |- Q $=
  ( is-not is-imp contra-rule chain clavius mp ) BEZBFBKAEBABCGDHBIJ $. $}
peirce $p |- ( ( ( P -> Q ) -> P ) -> P ) $=
  ( is-imp is-not absurd precompose mp clavius chain ) ABCZACZADZACZALJCKMCABELJAFGAHI $.
not-imp $p |- ( P -> ( ~ Q -> ~ ( P -> Q ) ) ) $=
  ( is-imp is-not feed contra chain ) AABCZBCBDHDCABEHBFG $.
not-imp-left $p |- ( ~ ( P -> Q ) -> P ) $=
  ( is-not is-imp absurd contra-left mp ) ACABDZDHCADABEAHFG $.
not-imp-right $p |- ( ~ ( P -> Q ) -> ~ Q ) $=
  ( is-imp is-not keep contra mp ) BABCZCHDBDCBAEBHFG $.

$( And. $)
${ both.1 $e |- P $.  both.2 $e |- Q $.
  both $p |- ( P & Q ) $=
  ( is-and is-imp and-make mp ) BABEZDABIFCABGHH $. $}
${ both-under.1 $e |- ( R -> P ) $.  both-under.2 $e |- ( R -> Q ) $.
  both-under $p |- ( R -> ( P & Q ) ) $=
  ( is-and is-imp and-make chain under ) CBABFZECABKGDABHIJ $. $}
${ left-of.1 $e |- ( P & Q ) $.
  left-of $p |- P $=
  ( is-and and-left mp ) ABDACABEF $. $}
${ right-of.1 $e |- ( P & Q ) $.
  right-of $p |- Q $=
  ( is-and and-right mp ) ABDBCABEF $. $}
and-swap $p |- ( ( P & Q ) -> ( Q & P ) ) $=
  ( is-and and-right and-left both-under ) BAABCABDABEF $.
and-self $p |- ( P -> ( P & P ) ) $=
  ( self both-under ) AAAABZDC $.
${ pack.1 $e |- ( P -> ( Q -> R ) ) $.
  pack $p |- ( ( P & Q ) -> R ) $=
  ( is-and and-right is-imp and-left chain under ) ABEZBCABFKABCGABHDIJ $. $}
${ unpack.1 $e |- ( ( P & Q ) -> R ) $.
  unpack $p |- ( P -> ( Q -> R ) ) $=
  ( is-and and-make tail ) ABABECABFDG $. $}
unpack-imp $p |- ( ( ( P & Q ) -> R ) -> ( P -> ( Q -> R ) ) ) $=
  ( is-and is-imp and-make precompose chain swap ) AABDZCEZBCEZABJEKLEABFBJCGHI $.
pack-imp $p |- ( ( P -> ( Q -> R ) ) -> ( ( P & Q ) -> R ) ) $=
  ( is-and is-imp feed exchange chain pack swap ) ABDABCEZEZCABLCEZALKEBMEAKFLBCGHIJ $.
and-regroup $p |- ( ( ( P & Q ) & R ) -> ( P & ( Q & R ) ) ) $=
  ( is-and and-left chain and-right both-under ) ABCDABDZCDZJIAICEZABEFBCJJIBKABGFICGHH $.
and-group $p |- ( ( P & ( Q & R ) ) -> ( ( P & Q ) & R ) ) $=
  ( is-and and-left and-right chain both-under ) ABDCABCDZDZABJAIEJIBAIFZBCEGHJICKBCFGH $.
${ and-map.1 $e |- ( P -> Q ) $.  and-map.2 $e |- ( R -> S ) $.
  and-map $p |- ( ( P & R ) -> ( Q & S ) ) $=
  ( is-and and-left chain and-right both-under ) BDACGZLABACHEILCDACJFIK $. $}
not-both $p |- ( P -> ~ ( ~ P & Q ) ) $=
  ( is-not is-and is-imp and-left contra-right mp ) ACZBDZIEAJCEIBFJAGH $.
no-contradiction $p |- ~ ( P & ~ P ) $=
  ( is-not is-and is-imp absurd-swap pack clavius-not mp ) AABZCZJBZDKAIKAKEFJGH $.

$( Or. $)
${ either-use.1 $e |- ( P -> R ) $.  either-use.2 $e |- ( Q -> R ) $.
  either-use $p |- ( ( P | Q ) -> R ) $=
  ( is-imp is-or or-use mp ) BCFZABGCFZEACFJKFDABCHII $. $}
or-swap $p |- ( ( P | Q ) -> ( Q | P ) ) $=
  ( is-or or-right or-left either-use ) ABBACBADBAEF $.
or-self $p |- ( ( P | P ) -> P ) $=
  ( self either-use ) AAAABZDC $.
or-regroup $p |- ( ( ( P | Q ) | R ) -> ( P | ( Q | R ) ) ) $=
  ( is-or or-left or-right chain either-use ) ABDCABCDZDZABJAIEBIJBCEAIFZGHCIJBCFKGH $.
or-group $p |- ( ( P | ( Q | R ) ) -> ( ( P | Q ) | R ) ) $=
  ( is-or or-left chain or-right either-use ) ABCDABDZCDZAIJABEICEZFBCJBIJABGKFICGHH $.
${ or-map.1 $e |- ( P -> Q ) $.  or-map.2 $e |- ( R -> S ) $.
  or-map $p |- ( ( P | R ) -> ( Q | S ) ) $=
  ( is-or or-left chain or-right either-use ) ACBDGZABLEBDHICDLFBDJIK $. $}
excluded-middle $p |- ( P | ~ P ) $=
  ( is-not is-or or-left or-right cases ) AAABZCAGDAGEF $.
or-imp $p |- ( ( P | Q ) -> ( ~ P -> Q ) ) $=
  ( is-not is-imp absurd-swap keep either-use ) ABACZBDABEBHFG $.
imp-or $p |- ( ( ~ P -> Q ) -> ( P | Q ) ) $=
  ( is-not is-imp is-or or-left keep chain feed or-right tail cases ) AACZBDZABEZDZAOPABFONGHMNBOMBIABJKL $.
not-or-left $p |- ( ~ ( P | Q ) -> ~ P ) $=
  ( is-or or-left contra-rule ) AABCABDE $.
not-or-right $p |- ( ~ ( P | Q ) -> ~ Q ) $=
  ( is-or or-right contra-rule ) BABCABDE $.
not-or $p |- ( ~ ( P | Q ) -> ( ~ P & ~ Q ) ) $=
  ( is-not is-or not-or-left not-or-right both-under ) ACBCABDCABEABFG $.
not-or-back $p |- ( ( ~ P & ~ Q ) -> ~ ( P | Q ) ) $=
  ( is-not is-or is-imp or-imp swap contra chain pack ) ACZBCZABDZCZKMBELNEMKBABFGMBHIJ $.
not-and $p |- ( ~ ( P & Q ) -> ( ~ P | ~ Q ) ) $=
  ( is-not is-or is-and is-imp not-or-left not-not-use chain not-or-right both-under contra-left mp )
  ACZBCZDZCZABEZFRCPFABQQNCANOGAHIQOCBNOJBHIKPRLM $.
not-and-back $p |- ( ( ~ P | ~ Q ) -> ~ ( P & Q ) ) $=
  ( is-not is-and and-left contra-rule and-right either-use ) ACBCABDZCIAABEFIBABGFH $.
and-over-or $p |- ( ( P & ( Q | R ) ) -> ( ( P & Q ) | ( P & R ) ) ) $=
  ( is-or is-and is-imp and-make or-left tail swap or-right either-use pack )
  ABCDZABEZACEZDZNAQBCAQFABQABOQABGOPHIJACQACPQACGOPKIJLJM $.
and-out-of-or $p |- ( ( ( P & Q ) | ( P & R ) ) -> ( P & ( Q | R ) ) ) $=
  ( is-and is-or self or-left and-map or-right either-use ) ABDACDABCEZDAABKAFZBCGHAACKLBCIHJ $.
or-over-and $p |- ( ( P | ( Q & R ) ) -> ( ( P | Q ) & ( P | R ) ) ) $=
  ( is-and is-or or-left both-under and-left or-right chain and-right either-use )
  ABCDZABEZACEZDNOAABFACFGNOMMBNBCHABIJMCOBCKACIJGL $.

$( Equivalence. $)
${ iff-rule.1 $e |- ( P -> Q ) $.  iff-rule.2 $e |- ( Q -> P ) $.
  iff-rule $p |- ( P <-> Q ) $=
  ( is-imp is-iff iff-make mp ) BAEZABFZDABEIJECABGHH $. $}
${ forth.1 $e |- ( P <-> Q ) $.
  forth $p |- ( P -> Q ) $=
  ( is-iff is-imp iff-there mp ) ABDABECABFG $. $}
${ back.1 $e |- ( P <-> Q ) $.
  back $p |- ( Q -> P ) $=
  ( is-iff is-imp iff-back mp ) ABDBAECABFG $. $}
iff-self $p |- ( P <-> P ) $=
  ( self iff-rule ) AAABZDC $.
${ iff-swap.1 $e |- ( P <-> Q ) $.
  iff-swap $p |- ( Q <-> P ) $=
  ( back forth iff-rule ) BAABCDABCEF $. $}
${ iff-chain.1 $e |- ( P <-> Q ) $.  iff-chain.2 $e |- ( Q <-> R ) $.
  iff-chain $p |- ( P <-> R ) $=
  ( forth chain back iff-rule ) ACABCABDFBCEFGCBABCEHABDHGI $. $}
${ iff-not.1 $e |- ( P <-> Q ) $.
  iff-not $p |- ( ~ P <-> ~ Q ) $=
  ( is-not back contra-rule forth iff-rule ) ADBDBAABCEFABABCGFH $. $}
${ iff-and.1 $e |- ( P <-> Q ) $.  iff-and.2 $e |- ( R <-> S ) $.
  iff-and $p |- ( ( P & R ) <-> ( Q & S ) ) $=
  ( is-and forth and-map back iff-rule ) ACGBDGABCDABEHCDFHIBADCABEJCDFJIK $. $}
${ iff-or.1 $e |- ( P <-> Q ) $.  iff-or.2 $e |- ( R <-> S ) $.
  iff-or $p |- ( ( P | R ) <-> ( Q | S ) ) $=
  ( is-or forth or-map back iff-rule ) ACGBDGABCDABEHCDFHIBADCABEJCDFJIK $. $}
not-not $p |- ( P <-> ~ ~ P ) $=
  ( is-not not-not-make not-not-use iff-rule ) AABBACADE $.
and-commutes $p |- ( ( P & Q ) <-> ( Q & P ) ) $=
  ( is-and and-swap iff-rule ) ABCBACABDBADE $.
or-commutes $p |- ( ( P | Q ) <-> ( Q | P ) ) $=
  ( is-or or-swap iff-rule ) ABCBACABDBADE $.
and-associates $p |- ( ( ( P & Q ) & R ) <-> ( P & ( Q & R ) ) ) $=
  ( is-and and-regroup and-group iff-rule ) ABDCDABCDDABCEABCFG $.
or-associates $p |- ( ( ( P | Q ) | R ) <-> ( P | ( Q | R ) ) ) $=
  ( is-or or-regroup or-group iff-rule ) ABDCDABCDDABCEABCFG $.
and-idempotent $p |- ( P <-> ( P & P ) ) $=
  ( is-and and-self and-left iff-rule ) AAABACAADE $.
or-idempotent $p |- ( ( P | P ) <-> P ) $=
  ( is-or or-self or-left iff-rule ) AABAACAADE $.
imp-as-or $p |- ( ( P -> Q ) <-> ( ~ P | Q ) ) $=
  ( is-imp is-not is-or not-not-use precompose mp imp-or chain absurd keep either-use iff-rule )
  ABCZADZBEZOPDZBCZQRACOSCAFRABGHPBIJPBOABKBALMN $.
contraposition $p |- ( ( P -> Q ) <-> ( ~ Q -> ~ P ) ) $=
  ( is-imp is-not contra turn iff-rule ) ABCBDADCABEBAFG $.
de-morgan-and $p |- ( ~ ( P & Q ) <-> ( ~ P | ~ Q ) ) $=
  ( is-and is-not is-or not-and not-and-back iff-rule ) ABCDADBDEABFABGH $.
de-morgan-or $p |- ( ~ ( P | Q ) <-> ( ~ P & ~ Q ) ) $=
  ( is-or is-not is-and not-or not-or-back iff-rule ) ABCDADBDEABFABGH $.
distribution $p |- ( ( P & ( Q | R ) ) <-> ( ( P & Q ) | ( P & R ) ) ) $=
  ( is-or is-and and-over-or and-out-of-or iff-rule ) ABCDEABEACEDABCFABCGH $.
currying $p |- ( ( ( P & Q ) -> R ) <-> ( P -> ( Q -> R ) ) ) $=
  ( is-and is-imp unpack-imp pack-imp iff-rule ) ABDCEABCEEABCFABCGH $.
iff-as-and $p |- ( ( P <-> Q ) -> ( ( P -> Q ) & ( Q -> P ) ) ) $=
  ( is-imp is-iff iff-there iff-back both-under ) ABCBACABDABEABFG $.

$( Quantifiers. $)
${ all-map.1 $e |- ( P -> Q ) $.
  all-map $p |- ( all x P -> all x Q ) $=
  ( is-imp is-all all-gen all-share mp ) ABEZCFACFBCFEJCDGABCHI $. $}
${ all-iff.1 $e |- ( P <-> Q ) $.
  all-iff $p |- ( all x P <-> all x Q ) $=
  ( is-all forth all-map back iff-rule ) ACEBCEABCABDFGBACABDHGI $. $}
${ some-map.1 $e |- ( P -> Q ) $.
  some-map $p |- ( some x P -> some x Q ) $=
  ( is-some is-not is-all some-def forth contra-rule all-map back chain )
  ACEZAFZCGZFZBCEZNQACHIQBFZCGZFZRTPSOCABDJKJRUABCHLMM $. $}
${ some-iff.1 $e |- ( P <-> Q ) $.
  some-iff $p |- ( some x P <-> some x Q ) $=
  ( is-some forth some-map back iff-rule ) ACEBCEABCABDFGBACABDHGI $. $}
all-and-out $p |- ( all x ( P & Q ) -> ( all x P & all x Q ) ) $=
  ( is-all is-and and-left all-map and-right both-under ) ACDBCDABEZCDJACABFGJBCABHGI $.
all-and-in $p |- ( ( all x P & all x Q ) -> all x ( P & Q ) ) $=
  ( is-all is-and is-imp and-make all-map all-share chain pack ) ACDZBCDZABEZCDZLBNFZCDMOFAPCABGHBNCIJK $.
all-and $p |- ( all x ( P & Q ) <-> ( all x P & all x Q ) ) $=
  ( is-and is-all all-and-out all-and-in iff-rule ) ABDCEACEBCEDABCFABCGH $.
some-or-in $p |- ( ( some x P | some x Q ) -> some x ( P | Q ) ) $=
  ( is-some is-or or-left some-map or-right either-use ) ACDBCDABEZCDAJCABFGBJCABHGI $.
some-and-out $p |- ( some x ( P & Q ) -> ( some x P & some x Q ) ) $=
  ( is-some is-and and-left some-map and-right both-under ) ACDBCDABEZCDJACABFGJBCABHGI $.
not-some $p |- ( ~ some x P <-> all x ~ P ) $=
  ( is-some is-not is-all is-imp some-def back contra-left mp forth contra-right iff-rule )
  ABCZDZADBEZPDZNFOPFNQABGZHPNIJNQFPOFNQRKNPLJM $.
${ $d x P $.  all-imp.1 $e |- ( P -> Q ) $.
  all-imp $p |- ( P -> all x Q ) $=
  ( is-all all-keep all-map chain ) AACEBCEACFABCDGH $. $}
${ $d x P $.
  some-drop $p |- ( some x P -> P ) $=
  ( is-some is-not is-all some-def forth is-imp all-keep contra-left mp chain )
  ABCZADZBEZDZAMPABFGNOHPAHNBIAOJKL $. $}
${ $d x Q $.  some-use.1 $e |- ( P -> Q ) $.
  some-use $p |- ( some x P -> Q ) $=
  ( is-some some-map some-drop chain ) ACEBCEBABCDFBCGH $. $}
all-to-some $p |- ( all x P -> some x P ) $=
  ( is-all is-not is-some is-eq eq-some weaken is-imp absurd-swap all-map all-share chain contra under some-def
  back ) ABCZADZBCZDZABEZRBBFDZBCZDZUAUERBBGHRTUDIZUEUAIRSUCIZBCUFAUGBAUCJKSUCBLMTUDNMOUBUAABPQM $.

$( Equality. $)
eq-exists $p |- some x x = y $=
  ( is-eq is-not is-all is-some eq-some some-def back mp ) ABCZDAEDZKAFZABGMLKAHIJ $.
${ $d x y $.
  eq-self $p |- x = x $=
  ( var-y is-eq is-some eq-exists is-imp eq-share contract mp some-use ) BACZBDAACZBAEKLBKKLFZFMBAAGKLHIJI $. $}
eq-turn $p |- ( x = y -> y = x ) $=
  ( is-eq is-imp eq-self eq-share swap mp ) AACZABCZBACZDAEJIKABAFGH $.
eq-swap $p |- ( x = y <-> y = x ) $=
  ( is-eq eq-turn iff-rule ) ABCBACABDBADE $.
eq-chain $p |- ( x = y -> ( y = z -> x = z ) ) $=
  ( is-eq is-imp eq-turn eq-share chain ) ABDBADBCDACDEABFBACGH $.
