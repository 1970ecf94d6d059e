From Coq Require Import Reals Lra Lia Psatz.
From Coquelicot Require Import Coquelicot.
From Interval Require Import Tactic.
Open Scope R_scope.

(* Integers, as real numbers. *)
Definition whole (x : R) : Prop := exists z : Z, x = IZR z.
Lemma whole_number z : whole (IZR z). Proof. exists z; reflexivity. Qed.
Lemma whole_plus x y : whole x -> whole y -> whole (x + y).
Proof. intros [a ->] [b ->]; exists (a + b)%Z; now rewrite plus_IZR. Qed.
Lemma whole_minus x y : whole x -> whole y -> whole (x - y).
Proof. intros [a ->] [b ->]; exists (a - b)%Z; now rewrite minus_IZR. Qed.
Lemma whole_opp x : whole x -> whole (- x).
Proof. intros [a ->]; exists (- a)%Z; now rewrite opp_IZR. Qed.
Lemma whole_mult x y : whole x -> whole y -> whole (x * y).
Proof. intros [a ->] [b ->]; exists (a * b)%Z; now rewrite mult_IZR. Qed.
Lemma whole_pow x k : whole x -> whole (x ^ k).
Proof. intros H; induction k; [exists 1%Z; reflexivity | now apply whole_mult]. Qed.
Ltac is_whole := repeat first
  [ assumption | apply whole_number | apply whole_plus | apply whole_minus | apply whole_opp | apply whole_mult
  | apply whole_pow ].

(* b^e for b >= 0 and any e >= 0, where 0^0 is 1. *)
Definition power (b e : R) : R := if Rlt_dec 0 b then exp (e * ln b) else if Req_EM_T e 0 then 1 else 0.

(* The ways in which two numbers compare. *)
Lemma le_by_sum total small large : large - small = total -> 0 <= total -> small <= large. Proof. lra. Qed.
Lemma lt_by_sum total small large : large - small = total -> 0 < total -> small < large. Proof. lra. Qed.
Lemma nonnegative_by total x : x = total -> 0 <= total -> 0 <= x. Proof. lra. Qed.
Lemma positive_by total x : x = total -> 0 < total -> 0 < x. Proof. lra. Qed.
Lemma apart_by total x : x = total -> total <> 0 -> x <> 0. Proof. congruence. Qed.
Lemma le_by_squares small large : 0 <= small -> 0 <= large -> 0 <= large ^ 2 - small ^ 2 -> small <= large.
Proof. nra. Qed.
Lemma lt_by_squares small large : 0 <= small -> 0 <= large -> 0 < large ^ 2 - small ^ 2 -> small < large.
Proof. nra. Qed.
Lemma le_by_logs small large : 0 < small -> 0 < large -> 0 <= ln large - ln small -> small <= large.
Proof.
  intros A B [H | H]; [left; apply ln_lt_inv; lra | right; apply ln_inv; lra].
Qed.
Lemma lt_by_logs small large : 0 < small -> 0 < large -> 0 < ln large - ln small -> small < large.
Proof. intros A B H; apply ln_lt_inv; lra. Qed.
Lemma eq_by_logs x y : 0 < x -> 0 < y -> ln x = ln y -> x = y. Proof. apply ln_inv. Qed.
Lemma le_by_difference small large : 0 <= large - small -> small <= large. Proof. lra. Qed.
Lemma lt_by_difference small large : 0 < large - small -> small < large. Proof. lra. Qed.

(* Signs, by the form of what is asked. *)
Lemma ln_nonnegative x : 0 <= x - 1 -> 0 <= ln x.
Proof. intros [H | H]; [rewrite <- ln_1; left; apply ln_increasing; lra | replace x with 1 by lra; rewrite ln_1; lra]. Qed.
Lemma ln_positive x : 0 < x - 1 -> 0 < ln x. Proof. intros H; rewrite <- ln_1; apply ln_increasing; lra. Qed.
Lemma div_nonnegative x y : 0 <= x -> 0 < y -> 0 <= x / y.
Proof. intros A B; apply Rmult_le_pos; [exact A | left; now apply Rinv_0_lt_compat]. Qed.
Lemma inv_nonnegative x : 0 < x -> 0 <= / x. Proof. intros H; left; now apply Rinv_0_lt_compat. Qed.
Lemma square_nonnegative x : 0 <= x ^ 2. Proof. nra. Qed.
Lemma square_positive x : x <> 0 -> 0 < x ^ 2. Proof. intros H; assert (K := Rlt_0_sqr x H); unfold Rsqr in K; nra. Qed.
Lemma exp_nonnegative x : 0 <= exp x. Proof. left; apply exp_pos. Qed.
Lemma power_nonnegative b e : 0 <= power b e.
Proof. unfold power; destruct (Rlt_dec 0 b); [apply exp_nonnegative | destruct (Req_EM_T e 0); lra]. Qed.
Lemma power_positive b e : 0 < b -> 0 < power b e.
Proof. intros H; unfold power; destruct (Rlt_dec 0 b); [apply exp_pos | contradiction]. Qed.
Lemma plus_positive_l x y : 0 < x -> 0 <= y -> 0 < x + y. Proof. lra. Qed.
Lemma plus_positive_r x y : 0 <= x -> 0 < y -> 0 < x + y. Proof. lra. Qed.
Lemma product_apart x y : x <> 0 -> y <> 0 -> x * y <> 0. Proof. now apply Rmult_integral_contrapositive_currified. Qed.
Lemma quotient_apart x y : x <> 0 -> y <> 0 -> x / y <> 0.
Proof. intros A B; apply product_apart; [exact A | now apply Rinv_neq_0_compat]. Qed.
Lemma above_apart x : 0 < x -> x <> 0. Proof. lra. Qed.
Lemma below_apart x : 0 < - x -> x <> 0. Proof. lra. Qed.

Lemma whole_from (z : Z) x : whole x -> 0 < x - (IZR z - 1) -> 0 <= x - IZR z.
Proof.
  intros [y ->] H. rewrite <- (minus_IZR y z). apply IZR_le.
  assert (K : 0 < IZR (y - z + 1)) by (rewrite plus_IZR, minus_IZR; lra). apply lt_IZR in K. lia.
Qed.

Ltac sign := lazymatch goal with
  | |- True => exact I
  | |- _ /\ _ => split; sign
  | |- forall _, _ => intro; sign
  | |- whole _ => solve [is_whole]
  | |- _ <> 0 => first [assumption | apply above_apart; sign | apply below_apart; sign | apart]
  | |- _ => first [assumption | solve [lra] | by_form | solve [timeout 5 nra] | solve [interval]]
  end
with apart := lazymatch goal with
  | |- _ * _ <> 0 => apply product_apart; sign
  | |- _ / _ <> 0 => apply quotient_apart; sign
  | |- / _ <> 0 => apply Rinv_neq_0_compat; sign
  | |- _ ^ _ <> 0 => apply pow_nonzero; sign
  | |- Rabs _ <> 0 => apply Rabs_no_R0; sign
  | |- _ => first [solve [lra] | cleared | solve [intro; timeout 5 nra]]
  end
with cleared := match goal with  (* what is not 0, times a denominator *)
  | H : ?q <> 0, C : _ < ?c |- ?p <> 0 =>
      replace p with (q * c) by (field; lra); solve [apply product_apart; [exact H | lra]]
  end
with by_form := lazymatch goal with
  | |- 0 <= _ * _ => apply Rmult_le_pos; sign
  | |- 0 < _ * _ => apply Rmult_lt_0_compat; sign
  | |- 0 <= _ / _ => apply div_nonnegative; sign
  | |- 0 < _ / _ => apply Rdiv_lt_0_compat; sign
  | |- 0 <= / _ => apply inv_nonnegative; sign
  | |- 0 < / _ => apply Rinv_0_lt_compat; sign
  | |- 0 <= _ + _ => apply Rplus_le_le_0_compat; sign
  | |- 0 < _ + _ => first [apply plus_positive_l; sign | apply plus_positive_r; sign]
  | |- 0 <= _ ^ 2 => apply square_nonnegative
  | |- 0 < _ ^ 2 => apply square_positive; sign
  | |- 0 <= _ ^ _ => apply pow_le; sign
  | |- 0 < _ ^ _ => apply pow_lt; sign
  | |- 0 <= sqrt _ => apply sqrt_pos
  | |- 0 < sqrt _ => apply sqrt_lt_R0; sign
  | |- 0 <= exp _ => apply exp_nonnegative
  | |- 0 < exp _ => apply exp_pos
  | |- 0 <= power _ _ => apply power_nonnegative
  | |- 0 < power _ _ => apply power_positive; sign
  | |- 0 <= Rabs _ => apply Rabs_pos
  | |- 0 < Rabs _ => apply Rabs_pos_lt; sign
  | |- 0 <= ln _ => apply ln_nonnegative; sign
  | |- 0 < ln _ => apply ln_positive; sign
  end.

(* The sign of a sum from those of its roots, exponentials and fractions. *)
Ltac noted P by_what := lazymatch goal with H : P |- _ => fail | _ => assert P by by_what end.
Ltac by_parts := solve [repeat match goal with
    | |- context [sqrt ?x] => noted (0 <= sqrt x) ltac:(apply sqrt_pos)
    | |- context [exp ?x] => noted (0 < exp x) ltac:(apply exp_pos)
    | |- context [?x / ?y] => noted (0 < x / y) ltac:(apply Rdiv_lt_0_compat; lra)
    | |- context [/ ?x] => noted (0 < / x) ltac:(apply Rinv_0_lt_compat; lra)
  end; lra].

(* Logarithms, roots and exponentials, pushed inwards. *)
Lemma ln_div x y : 0 < x -> 0 < y -> ln (x / y) = ln x - ln y.
Proof. intros A B; unfold Rdiv; rewrite ln_mult, ln_Rinv; [ring | exact B | exact A | now apply Rinv_0_lt_compat]. Qed.
Lemma ln_pow_nat x k : 0 < x -> ln (x ^ k) = INR k * ln x.
Proof. intros H; rewrite <- Rpower_pow by exact H; unfold Rpower; apply ln_exp. Qed.
Lemma ln_root x : 0 < x -> ln (sqrt x) = ln x / 2.
Proof.
  intros H; assert (K : 0 < sqrt x) by now apply sqrt_lt_R0.
  assert (E : ln (sqrt x * sqrt x) = ln x) by (rewrite sqrt_sqrt; lra). rewrite ln_mult in E; lra.
Qed.
Lemma ln_power b e : 0 < b -> ln (power b e) = e * ln b.
Proof. intros H; unfold power; destruct (Rlt_dec 0 b); [apply ln_exp | contradiction]. Qed.
Ltac logs := repeat first
  [ rewrite ln_exp | rewrite ln_1
  | match goal with
    | |- context [ln (?x * ?y)] => rewrite (ln_mult x y) by sign
    | |- context [ln (?x / ?y)] => rewrite (ln_div x y) by sign
    | |- context [ln (/ ?x)] => rewrite (ln_Rinv x) by sign
    | |- context [ln (?x ^ ?k)] => rewrite (ln_pow_nat x k) by sign; simpl (INR k)
    | |- context [ln (sqrt ?x)] => rewrite (ln_root x) by sign
    | |- context [ln (power ?b ?e)] => rewrite (ln_power b e) by sign
    end ].
Lemma exp_minus x y : exp (x - y) = exp x / exp y.
Proof. unfold Rminus, Rdiv; now rewrite exp_plus, exp_Ropp. Qed.
Lemma exp_times k x : exp (INR k * x) = exp x ^ k.
Proof. rewrite <- Rpower_pow by apply exp_pos; unfold Rpower; now rewrite ln_exp. Qed.
Lemma sqrt_inv_of x : 0 < x -> sqrt (/ x) = / sqrt x.
Proof. intros H; replace (/ x) with (1 / x) by (unfold Rdiv; ring). rewrite sqrt_div by lra. rewrite sqrt_1; unfold Rdiv; ring. Qed.
Lemma sqrt_div_of x y : 0 <= x -> 0 < y -> sqrt (x / y) = sqrt x / sqrt y. Proof. intros; now apply sqrt_div. Qed.
Ltac roots := repeat first
  [ rewrite sqrt_1 | rewrite sqrt_0
  | match goal with
    | |- context [sqrt (?x ^ 2)] => rewrite (sqrt_pow2 x) by sign
    | |- context [sqrt (?x * ?y)] => rewrite (sqrt_mult x y) by sign
    | |- context [sqrt (?x / ?y)] => rewrite (sqrt_div_of x y) by sign
    | |- context [sqrt (/ ?x)] => rewrite (sqrt_inv_of x) by sign
    end ].

(* Equal expressions: roots are new numbers, and what they are roots of are their squares. *)
Ltac name_roots := repeat match goal with
  | |- context [sqrt ?x] =>
      let s := fresh "root" in let E := fresh "square" in let P := fresh "above" in
      assert (E : sqrt x * sqrt x = x) by (apply sqrt_sqrt; sign);
      first [assert (P : 0 < sqrt x) by (apply sqrt_lt_R0; sign) | assert (P := sqrt_pos x)];
      set (s := sqrt x) in *; clearbody s; try rewrite <- E
  end.
Ltac algebra := solve [field; repeat split; sign].
Ltac ring_with_squares := first
  [ match goal with A : ?a * ?a = _ |- _ => ring [A] end
  | match goal with A : ?a * ?a = _, B : ?b * ?b = _ |- _ => ring [A B] end
  | match goal with A : ?a * ?a = _, B : ?b * ?b = _, C : ?c * ?c = _ |- _ => ring [A B C] end ].
Ltac squares_written := repeat match goal with
  | E : ?s * ?s = ?x |- context [?s ^ 2] => replace (s ^ 2) with x by (rewrite <- E; ring)
  | E : ?s * ?s = ?x |- context [?s ^ 3] => replace (s ^ 3) with (x * s) by (rewrite <- E; ring)
  | E : ?s * ?s = ?x |- context [?s ^ 4] => replace (s ^ 4) with (x * x) by (rewrite <- E; ring)
  end.
Ltac close := first
  [ reflexivity | solve [lra] | algebra
  | solve [name_roots; first
      [ algebra | ring_with_squares
      | field_simplify_eq; [first [ring_with_squares | squares_written; algebra] | repeat split; sign ..] ]] ].
Ltac same := first [close | solve [roots; logs; close]].

(* A function that rises, or falls, is at least what it is at one end. *)
Lemma mean_value (f df : R -> R) a b : a <= b -> (forall y, a <= y <= b -> is_derive f y (df y)) ->
  exists c, a <= c <= b /\ f b - f a = df c * (b - a).
Proof.
  intros H D. destruct (MVT_gen f a b df) as [c [K E]].
  - intros y; rewrite Rmin_left, Rmax_right by exact H; intros; apply D; lra.
  - intros y; rewrite Rmin_left, Rmax_right by exact H; intros; apply continuity_pt_filterlim.
    apply (ex_derive_continuous f y); exists (df y); apply D; lra.
  - exists c; rewrite Rmin_left, Rmax_right in K by exact H; tauto.
Qed.
Lemma rises (f df : R -> R) low x : low <= x -> (forall y, low <= y <= x -> is_derive f y (df y)) ->
  (forall y, low <= y <= x -> 0 <= df y) -> 0 <= f low -> 0 <= f x.
Proof. intros H D S E; destruct (mean_value f df low x H D) as [c [K M]]; specialize (S c K); nra. Qed.
Lemma falls (f df : R -> R) x high : x <= high -> (forall y, x <= y <= high -> is_derive f y (df y)) ->
  (forall y, x <= y <= high -> 0 <= - df y) -> 0 <= f high -> 0 <= f x.
Proof. intros H D S E; destruct (mean_value f df x high H D) as [c [K M]]; specialize (S c K); nra. Qed.
Ltac at_end := cbv beta; repeat match goal with
  | |- context [ln ?x] => replace (ln x) with 0 by (replace x with 1 by lra; now rewrite ln_1)
  | |- context [exp ?x] => replace (exp x) with 1 by (replace x with 0 by lra; now rewrite exp_0)
  end; first [lra | interval].

(* Numbers at one point, some of them written as what facts say that they are. *)
Lemma power_is b e : 0 < b -> power b e = exp (e * ln b).
Proof. intros H; unfold power; destruct (Rlt_dec 0 b); [reflexivity | contradiction]. Qed.
Ltac same_side := match goal with |- ?x = ?x => reflexivity | |- ?x <= ?x => apply Rle_refl end.
Ltac at_a_point := repeat split; repeat match goal with
    | |- context [power ?b ?e] => rewrite (power_is b e) by interval
  end; first [apply whole_number | lra | same_side | interval | sign].

(* A probability: it grows with its event, and that of one event or another is at most their sum. *)
Definition probability (Omega : Type) (P : (Omega -> Prop) -> R) : Prop :=
  P (fun _ => False) = 0
  /\ (forall A B : Omega -> Prop, (forall o, A o -> B o) -> P A <= P B)
  /\ (forall A B : Omega -> Prop, P (fun o => A o \/ B o) <= P A + P B).
Lemma both_decided (A B : Prop) : {A} + {~ A} -> {B} + {~ B} -> {A /\ B} + {~ (A /\ B)}.
Proof. tauto. Qed.
Ltac decided := first
  [ apply both_decided; decided | apply Rle_dec | apply Rlt_dec | apply Rge_dec | apply Rgt_dec | apply Req_EM_T ].
