# frozen_string_literal: true

# What Devise keeps of a user in the session: the id, and the first 29 characters of the password's bcrypt hash.
User = Struct.new(:id, :email, :password, :salt) do
  def self.find(id)
    ADA if id == ADA.id
  end

  def self.authenticate(email, password)
    ADA if email == ADA.email && ActiveSupport::SecurityUtils.secure_compare(password, ADA.password)
  end
end
ADA = User.new(1, "ada@example.org", "analytical engine", "$2a$12$K2nOuLPVTvJhVQ3tRjxdTu").freeze

class ApplicationController < ActionController::Base
  helper_method def current_user
    id, salt = session["warden.user.user.key"]
    user = User.find(id&.first)
    user if user && ActiveSupport::SecurityUtils.secure_compare(salt, user.salt)
  end
end

class LoginsController < ApplicationController
  def create
    user = User.authenticate(params[:email].to_s, params[:password].to_s)
    if user
      reset_session
      session["warden.user.user.key"] = [[user.id], user.salt]
      # JavaScript has one kind of number; these must still be a Float and a big Integer after Node wrote the session.
      session[:credit] = 20.0
      session[:receipt] = 12_345_678_901_234_567_890_123
      redirect_to account_path, notice: "Logged in by Rails"
    else
      flash.now[:alert] = "Wrong e-mail or password"
      render :new
    end
  end

  def destroy
    reset_session
    redirect_to account_path, notice: "Logged out by Rails"
  end
end

class AccountsController < ApplicationController
  def show
    session[:visits] = session.fetch(:visits, 0) + 1 if current_user
  end
end

class RemindersController < ApplicationController
  def create
    flash[:notice] = "A reminder from Rails"
    redirect_to "#{NODE_URL}/account"
  end
end
